import { type IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { ConnectionError, DockerError, type RkeError } from '../../errors.ts'
import { Slots } from '../transport/slots.ts'
import { chooseApiVersion, versionAnswer } from './api-version.ts'
import { cancelled, dockerError } from './docker-error.ts'
import { LinkAgent, type OpenSocket } from './link-agent.ts'
import { type DockerRequest, loadModem, type Modem, send } from './modem.ts'

/** HTTP connections kept for short requests. */
const POOLED_SOCKETS = 8

/** Milliseconds within which Docker must have answered. */
export const QUICK = 60_000
/** For what Docker may take long to do by itself. */
export const SLOW = 10 * 60_000

export interface Call extends DockerRequest {
  /** `inspect container etcd`: completes "could not …". */
  readonly step: string
  /** Milliseconds; without it there is no limit, and the request has a connection that no other waits for. */
  readonly limit?: number
  readonly signal?: AbortSignal
}

interface Modems {
  readonly pooled: Modem
  readonly single: Modem
}

/** Requests to the Docker daemon of a node: one API version, time limits, classified errors. */
export class DockerClient {
  readonly host: string
  readonly #pool: LinkAgent
  readonly #singles: LinkAgent
  readonly #slots = new Slots(POOLED_SOCKETS)
  #modems: Promise<Modems> | undefined

  constructor(host: string, open: OpenSocket) {
    this.host = host
    this.#pool = new LinkAgent(open, POOLED_SOCKETS)
    this.#singles = new LinkAgent(open)
  }

  /** Runs a request for its JSON. Fails with a `DockerError`, a `ConnectionError` or a `CancelledError`. */
  async json(call: Call): Promise<unknown> {
    try {
      return await this.#run(call, false)
    } catch (error) {
      // A request that only reads may be sent again when the connection was lost under it.
      if (call.method === 'GET' && isLostConnection(error)) return await this.#run(call, false)
      throw error
    }
  }

  /** Runs a request whose answer is read bit by bit; the limit holds until the answer begins. */
  async stream(call: Call): Promise<Readable> {
    const answer = await this.#run(call, true)
    if (answer instanceof Readable) return answer
    throw new DockerError(`Docker on ${this.host} could not ${call.step}: no stream`, { host: this.host })
  }

  /** Runs a request that is answered by headers alone. */
  async headers(call: Call): Promise<IncomingHttpHeaders> {
    const answer = await this.stream(call)
    answer.resume()
    return answer instanceof IncomingMessage ? answer.headers : {}
  }

  close(): void {
    this.#pool.destroy()
    this.#singles.destroy()
  }

  async #run(call: Call, stream: boolean): Promise<unknown> {
    const { pooled, single } = await this.#connected()
    if (call.limit === undefined) return await this.#send(single, call, stream)
    return await this.#slots.run(() => this.#send(pooled, call, stream))
  }

  async #send(modem: Modem, call: Call, stream: boolean): Promise<unknown> {
    const { step, limit, signal } = call
    if (isAborted(signal)) throw cancelled(this.host, step)
    const deadline = new AbortController()
    const timer = limit === undefined ? undefined : setTimeout(() => deadline.abort(), limit)
    try {
      const both = signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal])
      return await send(modem, call, stream, both)
    } catch (error) {
      if (isAborted(signal)) throw cancelled(this.host, step)
      throw deadline.signal.aborted ? this.#silent(step, limit ?? 0, error) : this.failure(error, step)
    } finally {
      clearTimeout(timer)
    }
  }

  #connected(): Promise<Modems> {
    if (this.#modems === undefined) {
      const modems = this.#negotiate()
      modems.catch(() => {
        this.#modems = undefined
      })
      this.#modems = modems
    }
    return this.#modems
  }

  async #negotiate(): Promise<Modems> {
    const step = 'tell its version'
    const deadline = AbortSignal.timeout(QUICK)
    const unversioned = await loadModem(this.#pool)
    const answer = await send(unversioned, { method: 'GET', path: '/version' }, false, deadline).catch(
      (error) => {
        throw deadline.aborted ? this.#silent(step, QUICK, error) : this.failure(error, step)
      },
    )
    const version = chooseApiVersion(versionAnswer(answer, this.host), this.host)
    return { pooled: await loadModem(this.#pool, version), single: await loadModem(this.#singles, version) }
  }

  #silent(step: string, limit: number, cause: unknown): DockerError {
    const message = `Docker on ${this.host} could not ${step}: it did not answer within ${limit / 1000} s`
    const hint = 'look at the Docker daemon on the node: journalctl -u docker'
    return new DockerError(message, { host: this.host, step, hint, cause })
  }

  /** Says what a failed request, or a stream that broke, means. */
  failure(error: unknown, step: string): RkeError {
    if (!isReset(error)) return dockerError(error, this.host, step)
    const message = `the connection to Docker on ${this.host} was lost before it could ${step}`
    const hint = 'look whether Docker was restarted on the node; run the command again'
    return new ConnectionError('closed', message, { host: this.host, step, hint, cause: error })
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

function isReset(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE'
}

function isLostConnection(error: unknown): boolean {
  return error instanceof ConnectionError && error.kind === 'closed'
}
