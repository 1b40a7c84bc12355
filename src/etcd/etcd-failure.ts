import { type ErrorDetails, EtcdError } from '../errors.ts'

/** gRPC status codes of etcd's refusals. */
export const GRPC = { unknown: 2, notFound: 5, failedPrecondition: 9, unavailable: 14 } as const

/** etcd refused a request. `code` is the gRPC status code, if the reply had one. */
export class EtcdRefusal extends EtcdError {
  readonly code: number | undefined

  constructor(message: string, details: ErrorDetails & { readonly code?: number } = {}) {
    super(message, details)
    this.code = details.code
  }
}

/** A member gave no whole answer within the time limit. */
export class EtcdTimeoutError extends EtcdError {}

/** A learner cannot be promoted yet, because it has not received all data. Retry later. */
export class LearnerBehindError extends EtcdRefusal {}

/**
 * etcd changes its membership only after its members have been connected for 5 s. Retry later; if it persists, a
 * member is down.
 */
export class UnsettledError extends EtcdRefusal {}

/** The error of a reply with a failure status; the gateway's body has `error` or `message`, and `code`. */
export function refusal(what: string, status: number, body: string, details: ErrorDetails): EtcdRefusal {
  const { message, code } = parse(body)
  const Kind = KINDS.find(([part]) => message.includes(part))?.[1] ?? EtcdRefusal
  return new Kind('etcd refused it', {
    step: what,
    why: message || `status ${status}`,
    ...details,
    ...hintFor(message),
    ...(code === undefined ? {} : { code }),
  })
}

const KINDS: readonly (readonly [string, typeof EtcdRefusal])[] = [
  ['can only promote a learner member which is in sync', LearnerBehindError],
  ['unhealthy cluster', UnsettledError],
]

const HINTS: readonly (readonly [string, string])[] = [
  [
    'no leader',
    'etcd has lost its quorum: bring a member back; if most are lost for good, see "rke etcd snapshot-ls" and "rke etcd recover"',
  ],
  ['timed out', 'etcd has no quorum or its disk is slow: check the health of all members'],
  ['unhealthy cluster', 'all members must be started and healthy before one is added or removed'],
  ['re-configuration failed', 'this change would lose the quorum: bring the other members back first'],
  ['too many learner', 'promote or remove the learner that is left from an earlier run'],
]

function hintFor(message: string): ErrorDetails {
  const hint = HINTS.find(([part]) => message.includes(part))?.[1]
  return hint === undefined ? {} : { hint }
}

/** The gRPC status code in the gateway's body; none in the answer of an HTTP server. */
export const replyCode = (body: string): number | undefined => parse(body).code

function parse(body: string): { message: string; code?: number } {
  try {
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed !== 'object' || parsed === null) return { message: body }
    const text = 'error' in parsed ? parsed.error : 'message' in parsed ? parsed.message : ''
    const code = 'code' in parsed ? parsed.code : undefined
    return { message: String(text), ...(typeof code === 'number' ? { code } : {}) }
  } catch {
    return { message: body.trim().slice(0, 300) }
  }
}
