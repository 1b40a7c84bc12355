import { AddonError, CancelledError, DeadlineError, RkeError } from '../../errors.ts'
import type { KubeApi } from '../client/kube-api.ts'
import { type Job, type ObjectRef, type Pod, refOf, refText } from '../objects/kube-object.ts'
import {
  hasFailed,
  isPermanentFailure,
  newestPod,
  terminalFailure,
  waitingReason,
} from '../objects/pod-trouble.ts'
import { jobState } from './addon-store.ts'

export interface JobOptions {
  /** Limit for completion, in ms; a deletion may take twice as long. */
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((text: string) => void) | undefined
}

/**
 * Runs a Job again: deletes the old one with its pods, creates this one and waits for its end. Fails with an
 * `AddonError` that has the kubelet's reason or the tail of the pod's log, as soon as the Job cannot succeed.
 */
export async function runJob(kube: KubeApi, job: Job, options: JobOptions): Promise<void> {
  const { signal } = options
  await removeJob(kube, refOf(job), options)
  options.onProgress?.(`creating ${refText(refOf(job))}`)
  await kube.create(job, signal === undefined ? {} : { signal })
  await awaitJob(kube, refOf(job), options)
}

/** Deletes a Job and waits until it and its pods are gone. An absent one counts as gone. */
export async function removeJob(kube: KubeApi, ref: ObjectRef, options: JobOptions): Promise<void> {
  const { signal, deadlineMs } = options
  const old = await kube.read(ref, signal)
  if (old === undefined) return
  options.onProgress?.(`removing the old ${refText(ref)}`)
  if (old.metadata.deletionTimestamp === undefined) {
    await kube.delete(ref, { propagation: 'Foreground', ...(signal === undefined ? {} : { signal }) })
  }
  const wait = { what: `${refText(ref)} to be removed`, deadlineMs: deadlineMs * 2 }
  const gone = (now: { metadata: { uid?: string | undefined } } | undefined): boolean =>
    now === undefined || now.metadata.uid !== old.metadata.uid
  await kube.waitFor(ref, gone, { ...wait, ...(signal === undefined ? {} : { signal }) })
}

/** Waits until an existing Job has completed. */
export async function awaitJob(kube: KubeApi, ref: ObjectRef, options: JobOptions): Promise<void> {
  const { deadlineMs } = options
  const stop = new AbortController()
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal])
  const wait = { what: `${refText(ref)} to complete`, deadlineMs, signal }
  const completed = kube.waitFor<Job>(ref, (job) => isOver(job), wait)
  const doomed = watchPods(kube, ref, { ...options, signal })
  try {
    await Promise.race([completed, doomed])
  } catch (error) {
    if (options.signal?.aborted || error instanceof CancelledError) throw error
    throw await explain(kube, ref, error, options.signal)
  } finally {
    stop.abort()
    await Promise.allSettled([completed, doomed])
  }
}

function isOver(job: Job | undefined): boolean {
  const { exists, complete, failed } = jobState(job)
  if (!exists) throw new AddonError('its Job was deleted while it ran')
  if (failed) {
    const condition = job?.status?.conditions?.find(({ type }) => type === 'Failed')
    throw new AddonError(`its Job failed: ${condition?.message ?? condition?.reason ?? 'no reason'}`)
  }
  return complete
}

/** Never resolves; rejects as soon as a pod shows that the Job cannot succeed. */
async function watchPods(kube: KubeApi, ref: ObjectRef, options: JobOptions): Promise<never> {
  const { signal, onProgress } = options
  const seen = new Set<string>()
  // The Job's own deadline comes first, and ends this.
  const deadlineMs = options.deadlineMs * 2
  const wait = { what: `pods of ${refText(ref)}`, deadlineMs, ...(signal === undefined ? {} : { signal }) }
  for (;;) {
    const news = (pod: Pod): boolean => hasFailed(pod) && !seen.has(pod.metadata.name)
    const pods = await kube.waitForList<Pod>(
      podsOf(ref),
      (all) => all.some((pod) => news(pod) || terminalFailure(pod) !== undefined),
      wait,
    )
    const stuck = pods.map(terminalFailure).find((reason) => reason !== undefined)
    if (stuck !== undefined) throw new AddonError(`its Job cannot start: ${stuck}`)
    for (const { metadata } of pods.filter(news)) {
      seen.add(metadata.name)
      const log = await tail(kube, ref, metadata.name, signal)
      onProgress?.(`pod ${metadata.name} failed: ${log.split('\n').at(-1) ?? ''}`)
      if (isPermanentFailure(log)) throw new AddonError('its Job failed')
    }
  }
}

/** The error with the details of the newest pod: why it waits, or the tail of its log. */
async function explain(
  kube: KubeApi,
  ref: ObjectRef,
  error: unknown,
  signal?: AbortSignal,
): Promise<AddonError> {
  const message = error instanceof Error ? error.message : String(error)
  const hint =
    error instanceof DeadlineError
      ? 'raise addon_job_timeout if the nodes are only slow, and run again'
      : 'fix the cause and run again: only this addon will be applied'
  const details = await podStory(kube, ref, signal)
  return new AddonError(details === '' ? message : `${message}\n${details}`, {
    cause: error,
    why: '',
    step: refText(ref),
    hint: error instanceof RkeError ? (error.hint ?? hint) : hint,
  })
}

async function podStory(kube: KubeApi, ref: ObjectRef, signal?: AbortSignal): Promise<string> {
  try {
    const pods = await kube.list<Pod>(podsOf(ref), signal)
    const pod = newestPod(pods.filter(hasFailed)) ?? newestPod(pods)
    if (pod === undefined) return 'it has no pod: is kube-controller-manager running?'
    const reason = waitingReason(pod)
    if (reason !== undefined) return `pod ${pod.metadata.name} waits: ${reason}`
    return await tail(kube, ref, pod.metadata.name, signal)
  } catch {
    // Report the first error; this only adds details to it.
    return ''
  }
}

async function tail(kube: KubeApi, ref: ObjectRef, name: string, signal?: AbortSignal): Promise<string> {
  try {
    const options = { tail: 20, ...(signal === undefined ? {} : { signal }) }
    const log = await kube.podLogs({ namespace: ref.namespace ?? 'default', name }, options)
    return log.trim()
  } catch {
    return ''
  }
}

function podsOf(ref: ObjectRef) {
  const selector = { labelSelector: `job-name=${ref.name}` }
  return { apiVersion: 'v1', kind: 'Pod', ...selector, namespace: ref.namespace ?? 'default' } as const
}
