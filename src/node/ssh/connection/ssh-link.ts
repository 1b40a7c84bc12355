import type { Duplex } from 'node:stream'
import type { Client } from 'ssh2'
import { CancelledError, ConnectionError } from '../../../errors.ts'
import type { Time } from '../../../time.ts'
import type { DialTarget, Link, LinkClosed } from '../../transport/link.ts'
import { diagnoseSocket } from '../diagnosis/socket-diagnosis.ts'
import { type SocketFailure, socketError } from '../diagnosis/socket-verdict.ts'
import { openChannel } from './channel.ts'
import { ChannelStream } from './channel-stream.ts'
import { dialError, targetText } from './dial-error.ts'

/** Milliseconds for a server to close a connection when it is asked to. */
const GOODBYE_MS = 500

/** A machine at the other end of one SSH connection. Each dial is a channel of its own in it. */
export class SshLink implements Link {
  readonly closed: Promise<LinkClosed>
  readonly #client: Client
  readonly #address: string
  readonly #user: string
  readonly #time: Time
  readonly #streams = new Set<ChannelStream>()
  /** Sockets that could be opened once: neither permission nor the SSH server is in the way. */
  readonly #usable = new Set<string>()
  #ended = false
  #closing = false

  constructor(client: Client, address: string, user: string, time: Time) {
    this.#client = client
    this.#address = address
    this.#user = user
    this.#time = time
    let cause: Error | undefined
    client.on('error', (error) => {
      cause ??= error
    })
    this.closed = new Promise((resolve) => {
      client.on('close', () => {
        this.#ended = true
        const error = this.#closing ? undefined : this.#lost(cause)
        // Before ssh2 ends its channels in an orderly way, which would look like the end of the data.
        for (const stream of this.#streams) stream.destroy(error ?? this.#lost(undefined))
        resolve(error === undefined ? {} : { error })
      })
    })
  }

  async dial(to: DialTarget, signal?: AbortSignal): Promise<Duplex> {
    const step = `dial ${targetText(to)}`
    if (signal?.aborted === true) throw new CancelledError('it was cancelled', { host: this.#address, step })
    if (this.#ended || this.#closing) throw this.#lost(undefined)
    return await this.#open(to, step, signal).catch(async (error: unknown) => {
      if (error instanceof ConnectionError || error instanceof CancelledError) throw error
      if (this.#ended) throw this.#lost(error)
      if ('socket' in to) throw await this.#socketFailure(to.socket, error)
      throw dialError(error, this.#address, to)
    })
  }

  async #socketFailure(socket: string, error: unknown): Promise<ConnectionError> {
    const failure: SocketFailure = { host: this.#address, user: this.#user, socket, error }
    if (this.#usable.has(socket)) return socketError(failure, 'stopped')
    return await diagnoseSocket(this.#client, failure)
  }

  #open(to: DialTarget, step: string, signal: AbortSignal | undefined): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        reject(new CancelledError('it was cancelled', { host: this.#address, step }))
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      openChannel(this.#client, to, (error, channel) => {
        signal?.removeEventListener('abort', onAbort)
        if (error !== undefined) {
          reject(error)
          return
        }
        const stream = new ChannelStream(channel)
        this.#streams.add(stream)
        stream.once('close', () => this.#streams.delete(stream))
        if (signal?.aborted === true) stream.destroy()
        if ('socket' in to) this.#usable.add(to.socket)
        resolve(stream)
      })
    })
  }

  async close(): Promise<void> {
    if (!this.#closing && !this.#ended) {
      this.#closing = true
      for (const stream of this.#streams) stream.destroy()
      this.#client.end()
      // A server that is stopped, or out of reach, never answers to that.
      this.#time.limit(GOODBYE_MS).addEventListener('abort', () => this.#client.destroy())
    }
    await this.closed
  }

  #lost(cause: unknown): ConnectionError {
    return new ConnectionError('closed', 'the SSH connection was closed', {
      host: this.#address,
      hint: 'run the command again; it goes on where it stopped',
      ...(cause === undefined ? {} : { cause }),
    })
  }
}
