// Keeps the size of a Deployment in proportion to the cluster: every ten seconds it counts the schedulable nodes
// and their cores, reads the rule from a ConfigMap (made from --default-params when it is not there), and sets
// the scale. Knows the `linear` rule only.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	namespace := flag.String("namespace", os.Getenv("MY_NAMESPACE"), "namespace of target and ConfigMap")
	configMap := flag.String("configmap", "", "ConfigMap with the rule")
	target := flag.String("target", "", "deployment/NAME")
	defaults := flag.String("default-params", "", "rule to begin with, JSON")
	nodeLabels := flag.String("nodelabels", "", "count only nodes with these labels")
	period := flag.Int("poll-period-seconds", 10, "seconds between looks")
	flag.Bool("logtostderr", true, "")
	flag.Int("v", 0, "")
	flag.Parse()
	kind, name, _ := strings.Cut(*target, "/")
	if *namespace == "" || *configMap == "" || !strings.EqualFold(kind, "deployment") || name == "" {
		fmt.Fprintln(os.Stderr, "namespace, configmap and target=deployment/NAME must be given")
		os.Exit(1)
	}
	api, err := inCluster()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	go http.ListenAndServe(":8080", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" && r.URL.Path != "/last-poll" {
			http.NotFound(w, r)
		}
	}))
	scaler := scaler{api, *namespace, *configMap, name, *nodeLabels, *defaults}
	for ; ; time.Sleep(time.Duration(*period) * time.Second) {
		if err := scaler.look(); err != nil {
			fmt.Fprintln(os.Stderr, time.Now().Format(time.RFC3339), err)
		}
	}
}

type scaler struct {
	api                                                  *client
	namespace, configMap, deployment, nodeLabels, params string
}

func (s scaler) look() error {
	nodes, cores, err := s.api.countNodes(s.nodeLabels)
	if err != nil {
		return err
	}
	text, err := s.rule()
	if err != nil {
		return err
	}
	var rule linear
	if err := json.Unmarshal([]byte(text), &rule); err != nil {
		return fmt.Errorf("the rule %q: %w", text, err)
	}
	want := rule.replicas(nodes, cores)
	return s.api.scale(s.namespace, s.deployment, want)
}

// rule reads the `linear` rule, after making the ConfigMap from the default if there is none.
func (s scaler) rule() (string, error) {
	path := "/api/v1/namespaces/" + s.namespace + "/configmaps"
	var found struct{ Data map[string]string }
	err := s.api.do("GET", path+"/"+s.configMap, nil, &found)
	if isNotFound(err) {
		var params map[string]json.RawMessage
		if err := json.Unmarshal([]byte(s.params), &params); err != nil {
			return "", fmt.Errorf("default-params: %w", err)
		}
		found.Data = map[string]string{}
		for key, value := range params {
			found.Data[key] = string(value)
		}
		err = s.api.do("POST", path, map[string]any{
			"apiVersion": "v1",
			"kind":       "ConfigMap",
			"metadata":   map[string]string{"name": s.configMap, "namespace": s.namespace},
			"data":       found.Data,
		}, nil)
	}
	if err != nil {
		return "", err
	}
	if found.Data["linear"] == "" {
		return "", fmt.Errorf("ConfigMap %s has no rule `linear`", s.configMap)
	}
	return found.Data["linear"], nil
}
