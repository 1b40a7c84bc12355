import { hasRole } from '../desired/service-context.ts'
import type { Action } from './action.ts'
import { ids } from './ids.ts'
import { makePlan, type Plan } from './plan.ts'
import type { PlanInput } from './plan-input.ts'
import { planKube } from './plan-kube.ts'
import { type NodePlan, planNode } from './plan-node.ts'
import { planPorts } from './plan-ports.ts'
import { planRestarts } from './plan-restarts.ts'

/**
 * Everything that makes the cluster what it should be; empty if it is.
 *
 * On a new cluster each container starts as soon as what it needs is there: a kubelet waits for its API
 * by itself. On one that serves somebody the order is etcd, control plane, workers, one node of the
 * first two after the other, so that the API stays reachable.
 */
export function planCluster(input: PlanInput): Plan {
  const ports = planPorts(input)
  const etcdNodes = input.nodes.filter(({ node }) => hasRole(node, 'etcd')).map(({ node }) => node.address)
  const order = {
    fresh: input.fresh,
    forced: input.forced !== undefined,
    gates: ports.map((action) => action.id),
    etcdHealth: etcdNodes.map((address) => ids.health(address, 'etcd')),
  }
  const nodes = input.nodes.map((desired) => ({
    isControlPlane: hasRole(desired.node, 'controlplane'),
    plan: planNode(desired, input.observed.get(desired.node.address), order),
  }))
  const restarts = planRestarts(
    input,
    nodes.flatMap(({ plan }) => [...plan.etcd, ...plan.controlPlane, ...plan.worker]),
  )
  const services = input.fresh ? nodes.flatMap(({ plan }) => inAnyOrder(plan)) : oneAfterTheOther(nodes)
  const onNodes = [
    ...nodes.flatMap(({ plan }) => plan.preparation),
    ...services,
    ...restarts,
    ...nodes.flatMap(({ plan }) => plan.cleaning),
  ]
  const kube = planKube(input, onNodes)
  return makePlan([...ports, ...onNodes, ...kube], {})
}

function inAnyOrder(plan: NodePlan): readonly Action[] {
  return [...plan.etcd, ...plan.controlPlane, ...plan.worker]
}

/** etcd members, then control plane nodes, each after the one before; then all workers at once. */
function oneAfterTheOther(
  nodes: readonly { readonly isControlPlane: boolean; readonly plan: NodePlan }[],
): readonly Action[] {
  const chain: Action[] = []
  const append = (actions: readonly Action[], after: readonly string[]): readonly string[] => {
    chain.push(...actions.map((action) => ({ ...action, after: [...action.after, ...after] })))
    return actions.map((action) => action.id)
  }
  let before: readonly string[] = []
  for (const { plan } of nodes) before = [...before, ...append(plan.etcd, before)]
  for (const { isControlPlane, plan } of nodes) {
    if (!isControlPlane) continue
    before = [...before, ...append([...plan.controlPlane, ...plan.worker], before)]
  }
  for (const { isControlPlane, plan } of nodes) {
    if (!isControlPlane) append(plan.worker, before)
  }
  return chain
}
