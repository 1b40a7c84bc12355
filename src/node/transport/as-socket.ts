import type { Duplex } from 'node:stream'
import { ConnectionError } from '../../errors.ts'

/** What Node's HTTP agent calls on its connections, and a plain stream does not have: there is no socket to set up. */
const SOCKET_METHODS = ['ref', 'unref', 'setKeepAlive', 'setNoDelay', 'setTimeout'] as const

/**
 * Any stream in the form that Node's HTTP agent takes for a connection. The agent hears of failures only while a
 * request has the stream: one that comes in between would else end the process, and a stream that has failed
 * already would keep its request waiting. Throws the failure in that case.
 */
export function asSocket(stream: Duplex): Duplex {
  if (stream.destroyed) {
    throw stream.errored ?? new ConnectionError('closed', 'the connection ended before it was used')
  }
  stream.on('error', () => {})
  for (const method of SOCKET_METHODS) {
    if (!(method in stream)) Object.defineProperty(stream, method, { value: () => stream })
  }
  return stream
}
