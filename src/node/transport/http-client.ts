import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { CancelledError } from '../../errors.ts'
import { realTime, type Time } from '../../time.ts'
import { LinkAgent, type OpenStream } from './link-agent.ts'
import { Slots } from './slots.ts'
import { unlessAborted } from './unless-aborted.ts'

export interface HttpRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** For the whole exchange, without the wait for a free connection; 30 s by default. */
  readonly timeoutMs?: number | undefined
}

export interface HttpReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/**
 * Why there was no reply. `connect`: the server has not seen the request, so that it may be sent again.
 * `cause` is the error of the connection.
 */
export class HttpFailure extends Error {
  readonly phase: 'connect' | 'exchange' | 'timeout'

  constructor(phase: HttpFailure['phase'], message: string, cause: unknown) {
    super(message, { cause })
    this.name = 'HttpFailure'
    this.phase = phase
  }
}

export interface HttpClientOptions {
  /**
   * At most so many requests run at once, so that a burst of them does not open, and for TLS negotiate, a connection
   * each. Default: any number.
   */
  readonly connections?: number
  readonly time?: Time | undefined
}

/** HTTP/1.1 over streams that `open` gives. Connections are kept and used again. */
export class HttpClient {
  readonly #agent: LinkAgent
  readonly #host: string
  readonly #slots: Slots
  readonly #time: Time

  /** `host` is for the `Host` header only. */
  constructor(host: string, open: OpenStream, options: HttpClientOptions = {}) {
    const { connections = Number.POSITIVE_INFINITY, time = realTime } = options
    this.#host = host
    this.#time = time
    this.#agent = new LinkAgent(open, { keepAlive: true, maxSockets: connections })
    this.#slots = new Slots(connections)
  }

  /** One exchange. Any status is a reply; fails with an `HttpFailure` or a `CancelledError`. */
  request(wanted: HttpRequest): Promise<HttpReply> {
    // The time limit begins when it is this request's turn: a thousand at once wait for each other.
    const { method, path, signal } = wanted
    const reply = this.#slots.run(() => this.#limited(wanted))
    return unlessAborted(reply, signal, () => new CancelledError(`stopped during ${method} ${path}`))
  }

  async #limited(wanted: HttpRequest): Promise<HttpReply> {
    const { signal, timeoutMs = 30_000 } = wanted
    const limit = this.#time.limit(timeoutMs)
    const either = signal === undefined ? limit : AbortSignal.any([signal, limit])
    try {
      return await this.#exchange(wanted, either)
    } catch (thrown) {
      const what = `${wanted.method} ${wanted.path}`
      if (signal?.aborted) throw new CancelledError(`stopped during ${what}`, { cause: thrown })
      if (limit.aborted)
        throw new HttpFailure('timeout', `no reply to ${what} within ${timeoutMs} ms`, thrown)
      const why = thrown instanceof Error ? thrown.message : String(thrown)
      throw new HttpFailure(this.#agent.failedToOpen(thrown) ? 'connect' : 'exchange', why, thrown)
    }
  }

  /** Closes all connections; running requests fail. */
  close(): void {
    this.#agent.destroy()
  }

  async #exchange(wanted: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    signal.throwIfAborted()
    const { method, path, body } = wanted
    const headers = {
      host: this.#host,
      ...wanted.headers,
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    }
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const sent: ClientRequest = request({ agent: this.#agent, method, path, headers, signal })
    sent.once('response', resolve)
    sent.on('error', reject)
    // Node reports an abort only once there is a connection, which may never come.
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    sent.end(body)
    const reply = await promise
    const chunks: Buffer[] = []
    for await (const chunk of reply) chunks.push(chunk)
    return { status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(chunks).toString() }
  }
}
