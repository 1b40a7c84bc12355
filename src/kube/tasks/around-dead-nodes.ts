import type { KubeApi } from '../client/kube-api.ts'
import { type Pod, refOf } from '../objects/kube-object.ts'
import type { Workload } from '../objects/rolled-out.ts'
import { RESTARTED_AT } from '../objects/root-ca.ts'
import { hasCondition, type NodeObject, toKubeNode } from '../objects/to-kube-node.ts'

/**
 * Goes on with the restart of a workload's pods where a Node is not Ready, and the controller does not: pods there count as unavailable,
 * so that no other pod of a DaemonSet is replaced, and never end, for which a Deployment of the strategy `Recreate` waits. Old pods on
 * other Nodes are deleted one after the other then, and those of a Deployment that should end on a Node that is not Ready are
 * taken out of the API. New ones of a Deployment that are bound to such a Node are not waited for: add-ons tolerate that it is away, so
 * others would be bound to it again. They begin when the Node comes back, and the old ones serve until then.
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
    for (const pod of pods.filter((one) => isDead(one) && isEnding(one))) {
      await kube.delete(refOf(pod), { gracePeriodSeconds: 0, signal })
    }
  }
  const others = pods.filter((pod) => !isDead(pod))
  const starting = others.filter((pod) => isNew(pod) && !hasCondition(pod.status?.conditions, 'Ready'))
  if (kind === 'Deployment') {
    const isStuck = pods.some((pod) => isDead(pod) && isNew(pod) && !isEnding(pod))
    return isStuck && starting.length === 0 ? 'done' : undefined
  }
  if (kind !== 'DaemonSet') return undefined
  const old = others.filter((pod) => !isNew(pod))
  if (starting.length + old.length === 0) return 'done'
  const [next] = old
  if (next !== undefined && starting.length === 0 && !old.some(isEnding)) {
    await kube.delete(refOf(next), { signal })
  }
  return { left: `${old.length + starting.length} pods on Nodes that are Ready are not new yet` }
}

const isEnding = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined
