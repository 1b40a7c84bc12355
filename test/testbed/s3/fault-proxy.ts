import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, request as secureRequest } from 'node:https'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { network } from '../addresses.ts'
import { errorBody, type Fault, type Requests } from './fault.ts'
import type { ObjectStore } from './object-store.ts'

/** What came through, in order: `GET /bucket/key?query`, and the status that was answered, 0 where none was. */
export interface Seen {
  readonly method: string
  readonly path: string
  status: number
}

/**
 * An HTTPS proxy of this process in front of an S3 server, with that server's certificate, on the machines' gateway: machines
 * reach it, and this box. Requests pass unchanged, so their signatures hold, until a fault is played.
 */
export class FaultProxy implements AsyncDisposable {
  readonly seen: Seen[] = []
  readonly #store: ObjectStore
  readonly #server: ReturnType<typeof createServer>
  readonly #port: number
  #faults: { fault: Fault; requests: Requests; left: number }[] = []

  private constructor(store: ObjectStore, server: ReturnType<typeof createServer>, port: number) {
    this.#store = store
    this.#server = server
    this.#port = port
  }

  static async start(store: ObjectStore): Promise<FaultProxy> {
    const { cert, key } = store.identity
    const server = createServer({ cert, key })
    server.listen(0, network.gateway)
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port')
    const proxy = new FaultProxy(store, server, address.port)
    server.on('request', (asked, reply) => {
      // Whoever was cut off knows it; the other side is gone by then.
      proxy.#take(asked, reply).catch(() => reply.destroy())
    })
    return proxy
  }

  /** `address:port`, in the place of the store's own. */
  get endpoint(): string {
    return `${network.gateway}:${this.#port}`
  }

  /** Lets a fault happen to these requests from now on, beside those that are played already. */
  play(fault: Fault, requests: Requests = {}): void {
    this.#faults.push({ fault, requests, left: requests.times ?? Number.POSITIVE_INFINITY })
  }

  /** Plays no fault any more. */
  heal(): void {
    this.#faults = []
  }

  /** Refuses connections, and ends those there are, until `accept`. */
  async refuse(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    if (this.#server.listening) await once(this.#server, 'close')
  }

  async accept(): Promise<void> {
    this.#server.listen(this.#port, network.gateway)
    await once(this.#server, 'listening')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.refuse()
  }

  async #take(asked: IncomingMessage, reply: ServerResponse): Promise<void> {
    const seen: Seen = { method: asked.method ?? '', path: asked.url ?? '', status: 0 }
    this.seen.push(seen)
    const fault = this.#faultFor(seen)
    if (fault?.kind === 'unavailable' || fault?.kind === 'denied' || fault?.kind === 'clock') {
      asked.resume()
      await once(asked, 'end')
      refuseAs(fault, reply)
      seen.status = reply.statusCode
      return
    }
    const { address: host, port, identity } = this.#store
    const { method, headers, url: path } = asked
    const onward = secureRequest({ host, port, ca: identity.ca, method, headers, path, agent: false })
    const answered = once(onward, 'response') as Promise<[IncomingMessage]>
    try {
      const sent = pipeline([asked, ...through(fault), onward])
      const [[answer]] = await Promise.all([answered, sent])
      seen.status = answer.statusCode ?? 0
      reply.writeHead(seen.status, answer.rawHeaders)
      await pipeline([answer, ...through(fault), reply])
    } catch (error) {
      onward.destroy()
      asked.socket.destroy()
      throw error
    }
  }

  #faultFor({ method, path }: Seen): Fault | undefined {
    const found = this.#faults.find(
      ({ requests, left }) =>
        left > 0 &&
        (requests.method ?? method) === method &&
        decodeURIComponent(path).includes(requests.path ?? ''),
    )
    if (found !== undefined) found.left--
    return found?.fault
  }
}

function refuseAs(fault: Fault & { kind: 'unavailable' | 'denied' | 'clock' }, reply: ServerResponse): void {
  reply.setHeader('Content-Type', 'application/xml')
  if (fault.kind === 'unavailable') {
    reply.writeHead(503).end(errorBody('SlowDown', 'Please reduce your request rate'))
    return
  }
  if (fault.kind === 'denied') {
    reply.writeHead(403).end(errorBody('AccessDenied', 'Access Denied.'))
    return
  }
  const now = new Date(Date.now() + fault.seconds * 1000)
  const text = "The difference between the request time and the server's time is too large."
  reply.setHeader('Date', now.toUTCString())
  reply.writeHead(403).end(errorBody('RequestTimeTooSkewed', text, { ServerTime: now.toISOString() }))
}

/** What a body passes on its way. */
function through(fault: Fault | undefined): Transform[] {
  if (fault?.kind === 'cut') return [cutAfter(fault.afterBytes)]
  return fault?.kind === 'slow' ? [slowed(fault.bytesPerSecond)] : []
}

function cutAfter(bytes: number): Transform {
  let left = bytes
  return new Transform({
    transform(chunk: Buffer, _, done) {
      this.push(chunk.subarray(0, left))
      left -= chunk.length
      // What went through so far is on its way before the connection ends.
      if (left >= 0) done()
      else setTimeout(() => done(new TypeError('cut off')), 100)
    },
  })
}

function slowed(bytesPerSecond: number): Transform {
  return new Transform({
    async transform(chunk: Buffer, _, done) {
      const piece = Math.max(1, Math.round(bytesPerSecond / 10))
      for (let at = 0; at < chunk.length; at += piece) {
        await delay(100)
        this.push(chunk.subarray(at, at + piece))
      }
      done()
    },
  })
}
