import type { ObservedNode } from '../observe/observed-node.ts'
import type { Action } from './action.ts'
import { hasStaleMember } from './etcd/member-changes.ts'
import { planKube } from './kube/plan-kube.ts'
import { isNewCluster } from './model/cluster-view.ts'
import { makePlan, type Plan } from './model/plan.ts'
import type { PlanBasis } from './model/plan-basis.ts'
import type { NodeWork } from './node/node-work.ts'
import { planNode } from './node/plan-node.ts'
import { planRestarts } from './node/restarts.ts'
import { planPorts } from './plan-ports.ts'
import { type Rollout, rollOut } from './rollout/plan-rollout.ts'
import { deleteLeftFetches } from './snapshots/left-fetches.ts'
import { cleanFirst } from './snapshots/not-restored.ts'

/**
 * Everything that makes the cluster what it should be; empty if it is.
 *
 * On a new cluster each container starts as soon as its dependencies have: a kubelet waits for its API by itself. A
 * running cluster is changed in an order that keeps it serving.
 */
export function planCluster(basis: PlanBasis): Plan {
  const ports = planPorts(basis)
  const restarts = planRestarts(basis)
  const isNew = isNewCluster(basis)
  const work = basis.nodes.map((desired): NodeWork => {
    const machine = basis.seen.machines.get(desired.node.address)
    // Of a member that was taken out nothing can be used again: it joins as if it had never been one.
    const found = machine !== undefined && hasStaleMember(desired, basis) ? withoutEtcd(machine) : machine
    const serves = !isNew && (found?.containers.size ?? 0) > 0
    return { desired, plan: planNode(desired, found, basis, restarts), serves }
  })
  const { actions, windows } = isNew ? allAtOnce(work) : rollOut(work, basis)
  const onNodes = [
    ...work.flatMap(({ plan }) => plan.preparation),
    ...actions,
    ...work.flatMap(({ plan }) => plan.cleaning),
    ...deleteLeftFetches(basis),
  ]
  return makePlan(cleanFirst([...ports, ...onNodes, ...planKube(basis, onNodes)], basis), windows)
}

function withoutEtcd(machine: ObservedNode): ObservedNode {
  const containers = new Map([...machine.containers].filter(([name]) => name !== 'etcd'))
  return { ...machine, containers }
}

function allAtOnce(work: readonly NodeWork[]): Rollout {
  const actions = work.flatMap(({ plan }): readonly Action[] => [
    ...plan.etcd,
    ...plan.controlPlane,
    ...plan.worker,
  ])
  return { actions, windows: {} }
}
