package main

import "math"

type linear struct {
	CoresPerReplica           float64 `json:"coresPerReplica"`
	NodesPerReplica           float64 `json:"nodesPerReplica"`
	Min                       int     `json:"min"`
	Max                       int     `json:"max"`
	PreventSinglePointFailure bool    `json:"preventSinglePointFailure"`
}

// replicas is the larger of what the cores and what the nodes ask for, within the rule's bounds.
func (l linear) replicas(nodes, cores int) int {
	want := max(perReplica(cores, l.CoresPerReplica), perReplica(nodes, l.NodesPerReplica))
	low := l.Min
	if l.PreventSinglePointFailure && nodes > 1 {
		low = max(low, 2)
	}
	want = max(want, low, 1)
	if l.Max > 0 {
		want = min(want, l.Max)
	}
	return want
}

func perReplica(have int, per float64) int {
	if per == 0 {
		return 1
	}
	return int(math.Ceil(float64(have) / per))
}
