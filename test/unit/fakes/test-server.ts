import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { connect } from 'node:net'
import { type Duplex, pipeline } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { ConnectionError } from '../../../src/errors.ts'
import type { DialTarget, Link } from '../../../src/node/transport/link.ts'
import { connectedStreams } from '../../sim/connected-streams.ts'
import type { TestCertificate } from './test-tls.ts'

export interface Asked {
  readonly method: string
  /** Path with query. */
  readonly url: string
  readonly type: string | undefined
  readonly body: string
  /** Common name of the client's certificate. */
  readonly client: string | undefined
}

export type Answer = (asked: Asked, reply: ServerResponse) => void

/** A small HTTP(S) server on loopback that records what it was asked. */
export class TestServer implements AsyncDisposable {
  readonly port: number
  readonly asked: Asked[] = []
  connections = 0
  readonly #stop: () => Promise<void>

  private constructor(port: number, stop: () => Promise<void>) {
    this.port = port
    this.#stop = stop
  }

  static async start(
    answer: Answer,
    tls?: { readonly ca: string; readonly identity: TestCertificate },
  ): Promise<TestServer> {
    const listener = async (request: IncomingMessage, reply: ServerResponse): Promise<void> => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const asked: Asked = {
        method: request.method ?? '',
        url: request.url ?? '',
        type: request.headers['content-type'],
        body: Buffer.concat(chunks).toString(),
        client: tls === undefined ? undefined : commonName(request.socket as TLSSocket),
      }
      server.asked.push(asked)
      answer(asked, reply)
    }
    const http =
      tls === undefined
        ? createHttpServer(listener)
        : createServer(
            {
              cert: tls.identity.cert,
              key: tls.identity.key.reveal(),
              ca: tls.ca,
              requestCert: true,
              rejectUnauthorized: false,
            },
            listener,
          )
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    const address = http.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const server = new TestServer(port, async () => {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    })
    http.on(tls === undefined ? 'connection' : 'secureConnection', () => server.connections++)
    return server
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop()
  }
}

/** A reply with JSON. */
export function json(reply: ServerResponse, value: unknown, status = 200): void {
  reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

/** Dials from this machine. `dialled` lists the targets. */
export class DirectDialer implements Pick<Link, 'dial'> {
  readonly dialled: string[] = []

  dial(to: DialTarget, signal?: AbortSignal): Promise<Duplex> {
    if ('socket' in to) return Promise.reject(new ConnectionError('other', 'no sockets here'))
    const { host, port } = to
    this.dialled.push(`${host}:${port}`)
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port })
      const aborted = (): void => {
        socket.destroy()
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', aborted, { once: true })
      socket.once('connect', () => {
        signal?.removeEventListener('abort', aborted)
        resolve(socket)
      })
      socket.once('error', (cause) => reject(new ConnectionError('refused', cause.message, { cause })))
    })
  }
}

/** A dialler whose streams never open, as to a machine behind a firewall that drops packets. */
export const silentDialer: Pick<Link, 'dial'> = {
  dial: (_to, signal) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason))
    }),
}

function commonName(socket: TLSSocket): string | undefined {
  const certificate = socket.getPeerCertificate()
  return certificate?.subject?.CN?.toString()
}

/** Gives streams that are no sockets, as a channel of an SSH connection is not. `cut()` breaks them all. */
export class ChannelDialer implements Pick<Link, 'dial'> {
  readonly #direct = new DirectDialer()
  readonly #open = new Set<Duplex>()

  get dialled(): readonly string[] {
    return this.#direct.dialled
  }

  async dial(to: DialTarget, signal?: AbortSignal): Promise<Duplex> {
    const socket = await this.#direct.dial(to, signal)
    const [near, far] = connectedStreams()
    this.#open.add(near)
    pipeline(far, socket, far, () => near.destroy())
    near.once('close', () => socket.destroy())
    return near
  }

  cut(): void {
    for (const stream of this.#open) stream.destroy(new ConnectionError('closed', 'the SSH connection ended'))
  }
}
