import { CancelledError, RkeError } from '../../errors.ts'
import { HttpClient, HttpFailure, type HttpReply } from '../../node/transport/http-client.ts'
import { realTime, type Time } from '../../time.ts'
import { ApiError, fromReply } from './api-error.ts'
import type { EndpointPool } from './endpoint-pool.ts'

export interface RestRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly body?: unknown
  /** The request, for errors: `read Node worker-1`. */
  readonly what: string
  readonly signal?: AbortSignal | undefined
  readonly contentType?: string
  /** Statuses besides 2xx that are not a failure here. */
  readonly accept?: readonly number[]
  /**
   * For a create that is idempotent or whose outcome can be checked: it may be sent again although the server may
   * have done it, and this is called when it is.
   */
  readonly onRepeat?: () => void
}

const REQUEST_LIMIT_MS = 30_000
/** Each connection costs a channel and a TLS handshake; a plan makes some thirty requests at once. */
const CONNECTIONS = 4
const TRIES = 4
const never = new AbortController().signal
const FIRST_PAUSE_MS = 200

/**
 * Plain JSON requests to the Kubernetes API, so that no field of an object is lost. Requests that the server has
 * surely not done, and idempotent ones, are retried for about 1.5 s.
 */
export class Rest {
  readonly #http: HttpClient
  readonly #pool: EndpointPool
  /** How its waiting is done. */
  readonly time: Time

  constructor(pool: EndpointPool) {
    this.#pool = pool
    this.time = pool.time ?? realTime
    this.#http = new HttpClient('kubernetes', (signal) => pool.open(signal), {
      connections: CONNECTIONS,
      time: this.time,
    })
  }

  /** The reply, with a 2xx or an accepted status. Fails with an `ApiError` or a `CancelledError`. */
  async send(request: RestRequest): Promise<HttpReply> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#once(request)
      if ('status' in outcome && accepted(request, outcome.status)) return outcome
      if (attempt === TRIES || !mayRetry(request, outcome))
        throw toApiError(request, outcome, this.#pool.node)
      if (outcome instanceof HttpFailure && outcome.phase === 'exchange') request.onRepeat?.()
      await this.#pause(request, retryAfterMs(outcome) ?? FIRST_PAUSE_MS * 2 ** (attempt - 1))
    }
  }

  /** The reply's body, parsed. Its shape is guaranteed by the API and not checked. */
  async json<T>(request: RestRequest): Promise<T> {
    const reply = await this.send(request)
    try {
      return JSON.parse(reply.body)
    } catch (cause) {
      throw new ApiError('the reply is not JSON', { cause, why: '', step: request.what })
    }
  }

  close(): void {
    this.#http.close()
  }

  async #once(request: RestRequest): Promise<HttpReply | HttpFailure> {
    const { method, path, query = {}, body, signal, contentType = 'application/json' } = request
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const search = new URLSearchParams(given).toString()
    try {
      return await this.#http.request({
        method,
        path: search === '' ? path : `${path}?${search}`,
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': contentType }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal,
        timeoutMs: REQUEST_LIMIT_MS,
      })
    } catch (thrown) {
      if (thrown instanceof HttpFailure) return thrown
      throw thrown
    }
  }

  async #pause(request: RestRequest, ms: number): Promise<void> {
    try {
      await this.time.pause(ms, request.signal ?? never)
    } catch (cause) {
      throw new CancelledError('stopped', { cause, step: request.what })
    }
  }
}

function accepted(request: RestRequest, status: number): boolean {
  return (status >= 200 && status < 300) || request.accept?.includes(status) === true
}

/** A create may have happened although no reply came; every other verb is idempotent. */
function mayRetry(request: RestRequest, outcome: HttpReply | HttpFailure): boolean {
  if (outcome instanceof HttpFailure) {
    if (outcome.phase === 'connect') return true
    return outcome.phase === 'exchange' && (request.method !== 'POST' || request.onRepeat !== undefined)
  }
  if (outcome.status === 429) return true
  return request.method === 'GET' && [500, 502, 503, 504].includes(outcome.status)
}

function retryAfterMs(outcome: HttpReply | HttpFailure): number | undefined {
  if (outcome instanceof HttpFailure) return undefined
  const seconds = Number(outcome.headers['retry-after'])
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 5) * 1000 : undefined
}

function toApiError(
  request: RestRequest,
  outcome: HttpReply | HttpFailure,
  asked: string | undefined,
): ApiError {
  if (!(outcome instanceof HttpFailure)) return fromReply(request.what, outcome.status, outcome.body)
  const { cause } = outcome
  const host = (cause instanceof RkeError ? cause.host : undefined) ?? asked
  return new ApiError('the API server does not answer', {
    cause,
    why: outcome.message,
    step: request.what,
    ...(host === undefined ? {} : { host }),
    hint:
      (cause instanceof RkeError ? cause.hint : undefined) ??
      'is kube-apiserver running on a control plane node, and can that node be reached?',
  })
}
