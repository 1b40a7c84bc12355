import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { TlsOptions } from 'node:tls'

/** Something that takes connections, as a process does that listens on a port. */
export interface Listener {
  accept(stream: Duplex): void
  /** Ends all connections at once, as the end of the process does. */
  close(): void
}

export type Handler = (request: IncomingMessage, reply: ServerResponse) => Promise<void>

/** An HTTP server on streams instead of a network; with `tls` an HTTPS server. */
export function listenHttp(handler: Handler, tls?: TlsOptions): Listener {
  const respond: RequestListener = (request, reply) => {
    handler(request, reply).catch((thrown: unknown) => {
      if (reply.headersSent) reply.destroy()
      else sendJson(reply, { message: thrown instanceof Error ? thrown.message : String(thrown) }, 500)
    })
  }
  const open = () => {
    const server = tls === undefined ? createServer(respond) : createSecureServer(tls, respond)
    // A client that gives up during the handshake is its own affair.
    server.on('tlsClientError', () => {})
    server.on('clientError', (_error: Error, socket: Duplex) => socket.destroy())
    return server
  }
  // Made for the first connection: most that is started is asked nothing.
  let server: ReturnType<typeof open> | undefined
  return listenRaw((stream) => {
    server ??= open()
    server.emit('connection', stream)
  })
}

/** Takes connections and leaves them to `take`; by default it says nothing, as to a foreign protocol. */
export function listenRaw(take: (stream: Duplex) => void = () => {}): Listener {
  const open = new Set<Duplex>()
  return {
    accept(stream) {
      open.add(stream)
      stream.on('error', () => {})
      stream.once('close', () => open.delete(stream))
      take(stream)
    },
    close() {
      for (const stream of open) stream.destroy(new Error('the process ended'))
    },
  }
}

export function sendJson(reply: ServerResponse, value: unknown, status = 200): void {
  if (reply.destroyed) return
  reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

/** The request's body as JSON; an empty one is an empty object. */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const text = (await buffer(request)).toString('utf8')
  const value: unknown = text === '' ? {} : JSON.parse(text)
  return isRecord(value) ? value : {}
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
