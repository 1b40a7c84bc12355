import type { Pod } from './kube-object.ts'

/** Waiting reasons that are terminal failures. */
const TERMINAL = new Set(['ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'])

/**
 * kubectl messages that are terminal failures. All others may pass: a namespace or a kind that comes later in the
 * same manifest, a webhook or an API server that is not up yet.
 */
const PERMANENT = [
  'error validating',
  'error parsing',
  'error converting YAML',
  'is invalid:',
  'field is immutable',
  'strict decoding error',
] as const

/**
 * Messages that make one of these temporary: an address still held by an object that is being deleted, or an API
 * server whose schema could not be read, as before kube-proxy has set up its rules.
 */
const PASSING = ['already allocated', 'failed to download openapi'] as const

/** Why a pod's container cannot start, if that is a terminal failure: `ImagePullBackOff: …`. */
export function terminalFailure(pod: Pod): string | undefined {
  const reason = waitingReason(pod)
  return reason !== undefined && TERMINAL.has(reason.split(':', 1)[0] ?? '') ? reason : undefined
}

/** Why a pod is not running yet, in the words of the kubelet or scheduler. */
export function waitingReason(pod: Pod): string | undefined {
  for (const { state } of pod.status?.containerStatuses ?? []) {
    const { reason, message } = state?.waiting ?? {}
    if (reason !== undefined) return message === undefined ? reason : `${reason}: ${message}`
  }
  const blocked = pod.status?.conditions?.find(
    ({ type, status }) => type === 'PodScheduled' && status === 'False',
  )
  return blocked?.message ?? blocked?.reason
}

export function hasFailed(pod: Pod): boolean {
  return pod.status?.phase === 'Failed'
}

/** Whether the log of a failed `kubectl apply` shows a terminal failure. */
export function isPermanentFailure(log: string): boolean {
  const holds = (text: string): boolean => log.includes(text)
  return PERMANENT.some(holds) && !PASSING.some(holds)
}

/** The newest pod. */
export function newestPod(pods: readonly Pod[]): Pod | undefined {
  const created = (pod: Pod): string => pod.metadata.creationTimestamp ?? ''
  return [...pods].sort((a, b) => created(b).localeCompare(created(a)))[0]
}
