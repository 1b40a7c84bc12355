import { CancelledError, DeadlineError, KubeError } from '../errors.ts'
import { poll } from '../poll.ts'
import { realTime, type Time } from '../time.ts'
import type { KubeApi } from './kube-api.ts'
import type { Pod } from './kube-object.ts'
import { waitForControllers } from './wait-for-controllers.ts'

/** `node_drain_input` of cluster.yml. */
export interface DrainOptions {
  /** Also evict pods that nothing will make again. */
  readonly force: boolean
  readonly ignoreDaemonSets: boolean
  /** Also evict pods whose `emptyDir` volumes are lost thereby. */
  readonly deleteLocalData: boolean
  /** Seconds; negative: the pod's own. */
  readonly gracePeriod: number
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((text: string) => void) | undefined
  /** Waited for before the first eviction; gets the holder of the lease of the controller managers. */
  readonly before?: ((leader: string | undefined) => Promise<void>) | undefined
  /** The machine's clock by default. */
  readonly time?: Time | undefined
}

type Verdict = { readonly evict: boolean } | { readonly refuse: string }

const MIRROR = 'kubernetes.io/config.mirror'
const FINISHED = new Set(['Succeeded', 'Failed'])

/**
 * Evicts the pods of a node as `kubectl drain` does, and waits until they are gone. The node must be cordoned
 * already. Refuses before the first eviction if a pod may not be evicted with these options, and waits with it until
 * somebody takes evicted pods out of their Services.
 */
export async function drain(kube: KubeApi, nodeName: string, options: DrainOptions): Promise<void> {
  const { deadlineMs, signal, time = realTime } = options
  const pods = await podsToEvict(kube, nodeName, options)
  if (pods.length === 0) return
  const leader = await waitForControllers(kube, options)
  await options.before?.(leader)
  const limit = time.limit(deadlineMs)
  const either = signal === undefined ? limit : AbortSignal.any([signal, limit])
  options.onProgress?.(`evicting ${pods.length} pods`)
  const waiting = new Set(pods.map(nameOf))
  try {
    await Promise.all(
      pods.map(async (pod) => {
        await evictOne(kube, pod, { ...options, signal: either })
        waiting.delete(nameOf(pod))
      }),
    )
  } catch (error) {
    if (signal?.aborted) throw new CancelledError(`stopped while draining ${nodeName}`, { cause: error })
    if (!limit.aborted && !(error instanceof DeadlineError)) throw error
    throw new DeadlineError(
      `Node ${nodeName} was not drained in time; still there: ${[...waiting].join(', ')}`,
      {
        cause: error,
        step: `drain ${nodeName}`,
        hint: 'look at the disruption budgets of these pods, or raise upgrade_strategy.node_drain_input.timeout',
      },
    )
  }
}

async function podsToEvict(kube: KubeApi, nodeName: string, options: DrainOptions): Promise<readonly Pod[]> {
  const all = await kube.listPods({ fieldSelector: `spec.nodeName=${nodeName}` }, options.signal)
  const verdicts = all.map((pod) => ({ pod, verdict: judge(pod, options) }))
  const refusals = verdicts.flatMap(({ pod, verdict }) =>
    'refuse' in verdict ? [`${nameOf(pod)} (${verdict.refuse})`] : [],
  )
  if (refusals.length > 0) {
    throw new KubeError(`Node ${nodeName} cannot be drained: ${refusals.join(', ')}`, {
      step: `drain ${nodeName}`,
      hint: 'move these pods, or allow it in upgrade_strategy.node_drain_input',
    })
  }
  return verdicts.filter(({ verdict }) => 'evict' in verdict && verdict.evict).map(({ pod }) => pod)
}

function judge(pod: Pod, options: DrainOptions): Verdict {
  if (pod.metadata.annotations?.[MIRROR] !== undefined) return { evict: false }
  if (FINISHED.has(pod.status?.phase ?? '')) return { evict: true }
  const controller = pod.metadata.ownerReferences?.find((owner) => owner.controller)
  if (controller?.kind === 'DaemonSet') {
    return options.ignoreDaemonSets ? { evict: false } : { refuse: 'it belongs to a DaemonSet' }
  }
  if (controller === undefined && !options.force) return { refuse: 'nothing would make it again' }
  const local = pod.spec?.volumes?.some((volume) => volume.emptyDir !== undefined) ?? false
  if (local && isOwnScratch(pod)) return { evict: true }
  if (local && !options.deleteLocalData) return { refuse: 'its emptyDir volume would be lost' }
  return { evict: true }
}

/**
 * The metrics-server that comes with every cluster writes nothing but its serving certificate there. If it counted, no
 * node with it could be drained by default.
 */
function isOwnScratch({ metadata }: Pod): boolean {
  return metadata.namespace === 'kube-system' && metadata.labels?.['k8s-app'] === 'metrics-server'
}

async function evictOne(kube: KubeApi, pod: Pod, options: DrainOptions): Promise<void> {
  const { name, namespace = 'default', uid } = pod.metadata
  const { deadlineMs, signal, gracePeriod, time } = options
  const request = {
    ...(gracePeriod < 0 ? {} : { gracePeriodSeconds: gracePeriod }),
    ...(signal === undefined ? {} : { signal }),
  }
  const wait = { what: `pod ${nameOf(pod)} to be evicted`, deadlineMs }
  await poll({ ...wait, signal, firstPauseMs: 1000, maxPauseMs: 5000, time }, async () =>
    (await kube.evict({ namespace, name }, request)) === 'blocked'
      ? { waiting: 'a disruption budget forbids it' }
      : { done: undefined },
  )
  const ref = { apiVersion: 'v1', kind: 'Pod', namespace, name }
  const gone = (now: Pod | undefined): boolean => now === undefined || now.metadata.uid !== uid
  await kube.waitFor<Pod>(ref, gone, { ...wait, ...(signal === undefined ? {} : { signal }) })
}

function nameOf({ metadata }: Pod): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name}`
}
