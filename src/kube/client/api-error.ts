import { type ErrorDetails, KubeError } from '../../errors.ts'
import { failedChecks } from '../../node/containers/health.ts'

/** Details of a failed API request besides those of every error. */
export interface ApiErrorDetails extends ErrorDetails {
  /** HTTP status; absent if there was no reply. */
  readonly status?: number
  /** The API's reason: `NotFound`, `AlreadyExists`, `Conflict`, … */
  readonly reason?: string
}

/** A request that the API server refused, or that got no reply. */
export class ApiError extends KubeError {
  readonly status: number | undefined
  readonly reason: string | undefined

  constructor(message: string, details: ApiErrorDetails = {}) {
    super(message, details)
    this.status = details.status
    this.reason = details.reason
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404
}

/** A create of an object that exists. */
export function isAlreadyExists(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409 && error.reason === 'AlreadyExists'
}

/** A write with an outdated `resourceVersion`. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409 && error.reason !== 'AlreadyExists'
}

/** No reply, or that of a server that is temporarily unable to serve: the same request may succeed later. */
export function isTransient(error: unknown): error is ApiError {
  return (
    error instanceof ApiError && (error.status === undefined || error.status >= 500 || error.status === 429)
  )
}

const HINTS: Readonly<Record<number, string>> = {
  401: 'the API server does not accept the kube-admin certificate: has its CA been replaced?',
  403: 'the kube-admin identity has no right to do this: check the cluster role bindings of system:masters',
  409: 'something else changed the object at the same time; run again',
  413: 'the object is larger than the API server accepts',
  503: 'the API server cannot reach etcd or is starting; check the logs of kube-apiserver and etcd',
}

/** The error of a reply with a failure status. The body is a `Status` object, or text from a proxy. */
export function fromReply(what: string, status: number, body: string): ApiError {
  const said = parseStatus(body)
  const reason = said.reason === undefined ? '' : ` ${said.reason}`
  const hint = HINTS[status]
  return new ApiError(`the API server answered ${status}${reason}`, {
    status,
    why: said.message,
    step: what,
    ...(said.reason === undefined ? {} : { reason: said.reason }),
    ...(hint === undefined ? {} : { hint }),
  })
}

function parseStatus(body: string): { message: string; reason?: string } {
  try {
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed === 'object' && parsed !== null) {
      const message = 'message' in parsed && typeof parsed.message === 'string' ? parsed.message : ''
      const reason = 'reason' in parsed && typeof parsed.reason === 'string' ? parsed.reason : ''
      return { message: message || 'no message', ...(reason === '' ? {} : { reason }) }
    }
  } catch {
    // Not JSON: the text itself is the message.
  }
  return { message: failedChecks(body) ?? (body.trim().slice(0, 300) || 'no message') }
}
