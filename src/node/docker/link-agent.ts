import { Agent } from 'node:http'
import type { Duplex } from 'node:stream'
import { inspect } from 'node:util'

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
    this.#open().then(
      (stream) => callback?.(null, withSocketMethods(stream)),
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

const SOCKET_METHODS = ['setKeepAlive', 'setNoDelay', 'setTimeout', 'ref', 'unref'] as const

/** Node's agent calls methods of network sockets, which mean nothing for other streams. */
function withSocketMethods(stream: Duplex): Duplex {
  for (const name of SOCKET_METHODS) if (!(name in stream)) Reflect.set(stream, name, () => stream)
  return stream
}
