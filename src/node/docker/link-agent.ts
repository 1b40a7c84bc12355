import { Agent } from 'node:http'
import type { Duplex } from 'node:stream'
import { inspect } from 'node:util'
import { asSocket } from '../transport/as-socket.ts'

export type OpenSocket = (signal?: AbortSignal) => Promise<Duplex>

/**
 * HTTP connections over any stream, whatever host the request names. With `sockets` there are at most that
 * many, kept open for the next request; without it each request has its own.
 */
export class LinkAgent extends Agent {
  readonly #open: OpenSocket

  constructor(open: OpenSocket, sockets?: number) {
    super(sockets === undefined ? {} : { keepAlive: true, maxSockets: sockets, maxFreeSockets: sockets })
    this.#open = open
  }

  override createConnection(
    _options: unknown,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const opened = this.#open().then(asSocket)
    opened.then(
      (stream) => callback?.(null, stream),
      // Node's own types ask for a stream even with an error, and it is never looked at.
      (error: Error) => Reflect.apply(callback ?? (() => undefined), undefined, [error]),
    )
    return undefined
  }

  /** docker-modem formats each request for its debug log, also when that is off; this keeps it short. */
  [inspect.custom](): string {
    return 'LinkAgent'
  }
}
