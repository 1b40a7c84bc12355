import { Duplex } from 'node:stream'
import type { ClientChannel } from 'ssh2'
import { ConnectionError } from '../../../errors.ts'

/**
 * An SSH channel as an ordinary stream. ssh2's own cannot fail: when the connection is lost it just ends,
 * which a reader would take for the end of the data. It also has what Node's HTTP client calls on sockets.
 */
export class ChannelStream extends Duplex {
  readonly #channel: ClientChannel

  constructor(channel: ClientChannel) {
    super({ allowHalfOpen: false })
    this.#channel = channel
    channel.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) channel.pause()
    })
    channel.on('end', () => this.push(null))
    channel.on('error', (error: Error) => this.destroy(error))
    channel.on('close', () => this.#channelClosed())
    // A channel starts to flow when it has a listener; data must wait for a reader.
    channel.pause()
  }

  override _read(): void {
    this.#channel.resume()
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#channel.write(chunk, encoding, callback)
  }

  /** What is written at a time goes as one: each write is at least one packet, and HTTP writes a piece in four. */
  override _writev(
    writes: readonly { readonly chunk: Buffer }[],
    callback: (error?: Error | null) => void,
  ): void {
    this.#channel.write(Buffer.concat(writes.map(({ chunk }) => chunk)), callback)
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#channel.end()
    callback()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#channel.destroy()
    this.#channel.resume()
    callback(error)
  }

  /** The other side closed: an end for the reader, and a failure for whoever still writes. */
  #channelClosed(): void {
    if (this.destroyed) return
    if (this.writableLength > 0) {
      this.destroy(new ConnectionError('closed', 'the other side closed the stream before it had read all'))
      return
    }
    if (!this.readableEnded) this.push(null)
    this.end()
  }

  setKeepAlive(): this {
    return this
  }

  setNoDelay(): this {
    return this
  }

  setTimeout(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }
}
