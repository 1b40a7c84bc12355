import { KubeError } from '../../errors.ts'
import type { KubeApi } from '../client/kube-api.ts'
import type { Pod } from '../objects/kube-object.ts'
import { hasCondition } from '../objects/to-kube-node.ts'
import { isBarrier } from './barrier.ts'
import { isClusterDns } from './dns-pods.ts'
import { podName } from './evict.ts'

/** Which pods of a node may be evicted: part of `node_drain_input` of cluster.yml. */
export interface EvictionRules {
  /** Also evict pods without a controller. */
  readonly force: boolean
  readonly ignoreDaemonSets: boolean
  /** Also evict pods whose `emptyDir` volumes are lost thereby. */
  readonly deleteLocalData: boolean
  /** The node is leaving the cluster; otherwise it accepts pods again soon. */
  readonly leaves: boolean
  readonly signal?: AbortSignal | undefined
}

type Verdict = { readonly evict: boolean } | { readonly refuse: string }

const MIRROR = 'kubernetes.io/config.mirror'
const FINISHED = new Set(['Succeeded', 'Failed'])

/**
 * The pods to evict when a node is drained.
 * @throws KubeError with all pods that may not be evicted by these rules.
 */
export async function podsToEvict(
  kube: KubeApi,
  nodeName: string,
  rules: EvictionRules,
): Promise<readonly Pod[]> {
  const all = await podsOn(kube, nodeName, rules.signal)
  const verdicts = all.map((pod) => ({ pod, verdict: judge(pod, rules) }))
  const refusals = verdicts.flatMap(({ pod, verdict }) =>
    'refuse' in verdict ? [`${podName(pod)} (${verdict.refuse})`] : [],
  )
  if (refusals.length > 0) {
    throw new KubeError(`pods would be lost: ${refusals.join(', ')}`, {
      step: `drain ${nodeName}`,
      hint: 'move these pods, or allow it in upgrade_strategy.node_drain_input',
    })
  }
  return verdicts.filter(({ verdict }) => 'evict' in verdict && verdict.evict).map(({ pod }) => pod)
}

export function podsOn(kube: KubeApi, nodeName: string, signal?: AbortSignal): Promise<readonly Pod[]> {
  return kube.listPods({ fieldSelector: `spec.nodeName=${nodeName}` }, signal)
}

/** Whether eviction is useless: no replacement would run elsewhere. */
export function belongsToNode(pod: Pod): boolean {
  return isBarrier(pod) || isMirror(pod) || controllerOf(pod)?.kind === 'DaemonSet'
}

export function controllerOf({
  metadata,
}: Pod): { readonly kind: string; readonly uid?: string } | undefined {
  return metadata.ownerReferences?.find((owner) => owner.controller)
}

/** Whether a pod is Ready and not terminating. */
export function isServing({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp === undefined && hasCondition(status?.conditions, 'Ready')
}

function judge(pod: Pod, options: EvictionRules): Verdict {
  if (isMirror(pod) || isBarrier(pod)) return { evict: false }
  if (FINISHED.has(pod.status?.phase ?? '')) return { evict: true }
  // It would be recreated here, and be down meanwhile: it has no disruption budget.
  if (!options.leaves && isClusterDns(pod) && toleratesCordon(pod)) return { evict: false }
  const controller = controllerOf(pod)
  if (controller?.kind === 'DaemonSet') {
    return options.ignoreDaemonSets ? { evict: false } : { refuse: 'it belongs to a DaemonSet' }
  }
  if (controller === undefined && !options.force) return { refuse: 'nothing would make it again' }
  const local = pod.spec?.volumes?.some((volume) => volume.emptyDir !== undefined) ?? false
  if (local && isOwnScratch(pod)) return { evict: true }
  if (local && !options.deleteLocalData) return { refuse: 'its emptyDir volume would be lost' }
  return { evict: true }
}

/** Static pods of the kubelet. */
function isMirror({ metadata }: Pod): boolean {
  return metadata.annotations?.[MIRROR] !== undefined
}

function toleratesCordon({ spec }: Pod): boolean {
  return (spec?.tolerations ?? []).some(
    ({ key, effect = CORDON.effect }) => (key ?? CORDON.key) === CORDON.key && effect === CORDON.effect,
  )
}

/** The toleration for cordoned nodes. */
const CORDON = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }

/**
 * The metrics-server of every cluster keeps only its serving certificate there. If it counted, no node with it could
 * be drained by default.
 */
function isOwnScratch({ metadata }: Pod): boolean {
  return metadata.namespace === 'kube-system' && metadata.labels?.['k8s-app'] === 'metrics-server'
}
