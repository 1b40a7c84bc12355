import type { Pod } from './kube-object.ts'

/** Waiting reasons that no amount of waiting mends. */
const TERMINAL = new Set(['ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'])

/**
 * What kubectl says when trying again cannot help. All else may pass: a namespace or a kind that comes later
 * in the same manifest, a webhook or an API server that is not up yet.
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
 * What it says with one of these when that was not the manifest's fault: an address that an object being deleted still
 * holds, or an API server that could not be asked for the schema, as before kube-proxy has set up its rules.
 */
const PASSING = ['already allocated', 'failed to download openapi'] as const

/** Why a pod's container cannot start, if that will not change: `ImagePullBackOff: …`. */
export function terminalFailure(pod: Pod): string | undefined {
  const reason = waitingReason(pod)
  return reason !== undefined && TERMINAL.has(reason.split(':', 1)[0] ?? '') ? reason : undefined
}

/** Why a pod does not run yet, in the kubelet's or the scheduler's words. */
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

/** Whether the log of a failed `kubectl apply` shows that the next try will fail in the same way. */
export function isPermanentFailure(log: string): boolean {
  const holds = (text: string): boolean => log.includes(text)
  return PERMANENT.some(holds) && !PASSING.some(holds)
}

/** The pod that was made last. */
export function newestPod(pods: readonly Pod[]): Pod | undefined {
  const created = (pod: Pod): string => pod.metadata.creationTimestamp ?? ''
  return [...pods].sort((a, b) => created(b).localeCompare(created(a)))[0]
}
