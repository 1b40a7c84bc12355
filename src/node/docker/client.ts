import { Readable } from 'node:stream'
import { ConnectionError, type RkeError } from '../../errors.ts'
import type { Time } from '../../time.ts'
import { LinkAgent, type OpenStream } from '../transport/link-agent.ts'
import { Slots } from '../transport/slots.ts'
import { unlessAborted } from '../transport/unless-aborted.ts'
import { chooseApiVersion, versionAnswer } from './api-version.ts'
import { cancelled, closedBefore, dockerError, silent } from './docker-error.ts'
import { IdleLimit } from './idle-limit.ts'
import { type Client, loadDockerode } from './load-dockerode.ts'

/** HTTP connections kept for short requests. */
const POOLED_SOCKETS = 8

/** Milliseconds within which Docker must have answered. */
export const QUICK = 60_000
/** For what Docker may take long to do by itself. */
export const SLOW = 10 * 60_000

export interface Call {
  /** `inspect container etcd`: completes "could not …". */
  readonly step: string
  /** Milliseconds for the whole request, or in which something must move in a transfer. */
  readonly limit: number
  readonly signal?: AbortSignal | undefined
  /** It only reads: it may be sent again when the connection was lost under it. */
  readonly reads?: boolean
}

interface Clients {
  readonly pooled: Client
  readonly single: Client
}

type Limit = Pick<IdleLimit, 'signal'>

/** dockerode for the daemon of a node: one API version, time limits, cancellation, classified errors. */
export class DockerClient {
  readonly host: string
  readonly time: Time
  readonly #pool: LinkAgent
  readonly #singles: LinkAgent
  readonly #slots = new Slots(POOLED_SOCKETS)
  readonly #closed = new AbortController()
  #clients: Promise<Clients> | undefined

  constructor(host: string, open: OpenStream, time: Time) {
    this.host = host
    this.time = time
    this.#pool = new LinkAgent(open, {
      keepAlive: true,
      maxSockets: POOLED_SOCKETS,
      maxFreeSockets: POOLED_SOCKETS,
    })
    this.#singles = new LinkAgent(open)
  }

  /**
   * Runs a request that is answered within its limit. `abortSignal` is for dockerode. Fails with a `DockerError`, a
   * `ConnectionError` or a `CancelledError`.
   */
  async request<T>(call: Call, send: (docker: Client, abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    const once = (): Promise<T> =>
      this.#slots.run(() =>
        this.#limited(call, { signal: this.time.limit(call.limit) }, async (abortSignal) =>
          send((await this.#connected()).pooled, abortSignal),
        ),
      )
    const sent = once().catch((error: unknown) => {
      if (call.reads && error instanceof ConnectionError && error.kind === 'closed') return once()
      throw error
    })
    return await unlessAborted(sent, call.signal, () => cancelled(this.host, call.step))
  }

  /** Runs a request that takes as long as something moves, on a connection of its own. */
  async transfer<T>(
    call: Call,
    send: (docker: Client, abortSignal: AbortSignal, idle: IdleLimit) => Promise<T>,
  ): Promise<T> {
    const idle = new IdleLimit(this.time, call.limit)
    try {
      return await this.#limited(call, idle, async (abortSignal) =>
        send((await this.#connected()).single, abortSignal, idle),
      )
    } finally {
      idle.end()
    }
  }

  /** Opens a stream that is read as long as something comes; what breaks it is thrown where it is read. */
  async download(
    call: Call,
    open: (docker: Client, abortSignal: AbortSignal) => Promise<Readable>,
  ): Promise<Readable> {
    const idle = new IdleLimit(this.time, call.limit)
    const opening = this.#limited(call, idle, async (abortSignal) =>
      open((await this.#connected()).single, abortSignal),
    )
    opening.catch(idle.end)
    const source = await opening
    const explained = (error: unknown): RkeError => this.#explained(error, call, idle)
    async function* pieces(): AsyncGenerator<Buffer> {
      try {
        yield* idle.received(source)
      } catch (error) {
        throw explained(error)
      }
    }
    const stream = Readable.from(pieces(), { objectMode: false })
    stream.once('close', () => {
      idle.end()
      source.destroy()
    })
    return stream
  }

  /** Ends all requests; there are no more after that. */
  close(): void {
    this.#closed.abort()
    this.#pool.destroy()
    this.#singles.destroy()
  }

  async #limited<T>(call: Call, limit: Limit, send: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    const ends = [this.#closed.signal, ...(call.signal === undefined ? [] : [call.signal])]
    const any = AbortSignal.any([...ends, limit.signal])
    if (this.#closed.signal.aborted) throw closedBefore(this.host, call.step)
    try {
      any.throwIfAborted()
      // A request whose connection is still being made does not see the signal.
      return await unlessAborted(send(any), any, () => cancelled(this.host, call.step))
    } catch (error) {
      throw this.#explained(error, call, limit)
    }
  }

  #connected(): Promise<Clients> {
    if (this.#clients === undefined) {
      const clients = this.#negotiate()
      clients.catch(() => {
        this.#clients = undefined
      })
      this.#clients = clients
    }
    return this.#clients
  }

  async #negotiate(): Promise<Clients> {
    const call = { step: 'report its version', limit: QUICK }
    const unversioned = await loadDockerode(this.#pool)
    const answer = await this.#limited(call, { signal: this.time.limit(QUICK) }, (abortSignal) =>
      unversioned.version({ abortSignal }),
    )
    const version = chooseApiVersion(versionAnswer(answer, this.host), this.host)
    return {
      pooled: await loadDockerode(this.#pool, version),
      single: await loadDockerode(this.#singles, version),
    }
  }

  /** Says what a failed request, or a stream that broke, means. */
  #explained(error: unknown, { step, limit, signal }: Call, { signal: expired }: Limit): RkeError {
    const { host } = this
    if (signal?.aborted || this.#closed.signal.aborted) return cancelled(host, step)
    return expired.aborted ? silent(host, step, limit) : dockerError(error, host, step)
  }
}
