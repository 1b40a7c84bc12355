import type { KubeApi } from '../client/kube-api.ts'
import { type Pod, refOf } from '../objects/kube-object.ts'
import type { Workload } from '../objects/rolled-out.ts'
import { RESTARTED_AT } from '../objects/root-ca.ts'
import { hasCondition, type NodeObject, toKubeNode } from '../objects/to-kube-node.ts'

/**
 * Goes on with the restart of a workload's pods where a Node is not Ready, and the controller does not: pods there count as unavailable,
 * so that no other pod of a DaemonSet is replaced, and never end, for which a Deployment of the strategy `Recreate` waits; and new ones
 * may have been bound to the Node before Kubernetes noticed. Old pods on other Nodes are deleted one after the other then, and of a
 * Deployment those that should end or begin on a Node that is not Ready are taken out of the API: others come on other Nodes.
 * @returns what is left on the other Nodes, in words; `done`: nothing. Undefined where all Nodes are Ready.
 */
export async function goAroundDeadNodes(
  kube: KubeApi,
  { kind, metadata, spec }: Workload,
  mark: string,
  signal: AbortSignal,
): Promise<{ readonly left: string } | 'done' | undefined> {
  const nodes = await kube.list<NodeObject>({ apiVersion: 'v1', kind: 'Node' }, signal)
  const dead = new Set(nodes.map(toKubeNode).flatMap(({ name, ready }) => (ready ? [] : [name])))
  if (dead.size === 0) return undefined
  const labels = Object.entries(spec?.selector?.matchLabels ?? {})
  const labelSelector = labels.map(([key, value]) => `${key}=${value}`).join()
  const pods = await kube.listPods({ namespace: metadata.namespace ?? '', labelSelector }, signal)
  const isDead = (pod: Pod): boolean => dead.has(pod.spec?.nodeName ?? '')
  const isNew = (pod: Pod): boolean => pod.metadata.annotations?.[RESTARTED_AT] === mark
  if (kind === 'Deployment') {
    for (const pod of pods.filter((one) => isDead(one) && (isEnding(one) || isNew(one)))) {
      await kube.delete(refOf(pod), { gracePeriodSeconds: 0, signal })
    }
    return undefined
  }
  if (kind !== 'DaemonSet') return undefined
  const others = pods.filter((pod) => !isDead(pod))
  const starting = others.filter((pod) => isNew(pod) && !hasCondition(pod.status?.conditions, 'Ready'))
  const old = others.filter((pod) => !isNew(pod))
  if (starting.length + old.length === 0) return 'done'
  const [next] = old
  if (next !== undefined && starting.length === 0 && !old.some(isEnding)) {
    await kube.delete(refOf(next), { signal })
  }
  return { left: `${old.length + starting.length} pods on Nodes that are Ready are not new yet` }
}

const isEnding = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined
