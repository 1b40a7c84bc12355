import { CancelledError, DeadlineError } from '../../errors.ts'
import { poll } from '../../poll.ts'
import { realTime, type Time } from '../../time.ts'
import type { KubeApi } from '../client/kube-api.ts'
import type { Pod } from '../objects/kube-object.ts'

export interface EvictOptions {
  /** Seconds; negative: the pod's own. */
  readonly gracePeriod: number
  /** Its abort ends all evictions, with a `DeadlineError`. */
  readonly limit: AbortSignal
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
  readonly time?: Time | undefined
}

/**
 * Evicts pods, with retries while a disruption budget forbids it, and waits until they are gone. `nodeName`: their
 * node, for errors.
 */
export async function evictAll(
  kube: KubeApi,
  nodeName: string,
  pods: readonly Pod[],
  options: EvictOptions,
): Promise<void> {
  const { signal, limit } = options
  const either = signal === undefined ? limit : AbortSignal.any([signal, limit])
  const waiting = new Set(pods.map(podName))
  try {
    await Promise.all(
      pods.map(async (pod) => {
        await evictOne(kube, pod, { ...options, signal: either })
        waiting.delete(podName(pod))
      }),
    )
  } catch (error) {
    if (signal?.aborted) throw new CancelledError(`stopped while draining ${nodeName}`, { cause: error })
    if (!limit.aborted && !(error instanceof DeadlineError)) throw error
    throw new DeadlineError(`it was not done in time; still there: ${[...waiting].join(', ')}`, {
      cause: error,
      why: '',
      step: `drain ${nodeName}`,
      hint: 'check the disruption budgets of these pods, or raise upgrade_strategy.node_drain_input.timeout',
    })
  }
}

async function evictOne(kube: KubeApi, pod: Pod, options: EvictOptions): Promise<void> {
  const { name, namespace = 'default', uid } = pod.metadata
  const { deadlineMs, signal, gracePeriod, time = realTime } = options
  const request = {
    ...(gracePeriod < 0 ? {} : { gracePeriodSeconds: gracePeriod }),
    ...(signal === undefined ? {} : { signal }),
  }
  const wait = { what: `pod ${podName(pod)} to be evicted`, deadlineMs }
  await poll({ ...wait, signal, firstPauseMs: 1000, maxPauseMs: 5000, time }, async () =>
    (await kube.evict({ namespace, name }, request)) === 'blocked'
      ? { waiting: 'a disruption budget forbids it' }
      : { done: undefined },
  )
  const ref = { apiVersion: 'v1', kind: 'Pod', namespace, name }
  const gone = (now: Pod | undefined): boolean => now === undefined || now.metadata.uid !== uid
  await kube.waitFor<Pod>(ref, gone, { ...wait, ...(signal === undefined ? {} : { signal }) })
}

export function podName({ metadata }: Pod): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name}`
}
