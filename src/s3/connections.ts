import type { Duplex } from 'node:stream'
import { directDialer } from '../node/transport/direct-dialer.ts'
import { LinkAgent } from '../node/transport/link-agent.ts'
import { secureDial } from '../node/transport/secure-dial.ts'
import { realTime } from '../time.ts'
import type { BucketAccess, BucketPlace } from './bucket.ts'
import { throughProxy } from './dial-through-proxy.ts'
import { type HostPort, proxyFor } from './proxy.ts'

/** Through a node and a proxy, with both handshakes. */
const CONNECT_LIMIT_MS = 20_000

/** Connections to a bucket, to whatever host a request names: the bucket's, that of its region, that of its role. */
export class Connections {
  /** For HTTPS, with the certificate authorities of the bucket. */
  readonly agent: LinkAgent
  readonly #place: BucketPlace
  readonly #access: BucketAccess

  constructor(place: BucketPlace, access: BucketAccess) {
    this.#place = place
    this.#access = access
    this.agent = httpsAgent((signal, to) => this.secure(signal, to, place.customCa))
  }

  /** Without TLS and without a proxy, as the services of a cloud are reached that know a machine's role. */
  async plain(signal: AbortSignal, to: HostPort): Promise<Duplex> {
    return await this.#machine.dial(to, signal)
  }

  /** With TLS, through the proxy if there is one. Without `ca` the usual authorities are trusted. */
  async secure(signal: AbortSignal, to: HostPort, ca?: string): Promise<Duplex> {
    const { time = realTime } = this.#access
    const proxy = proxyFor(this.#place.environment, to)
    const dialer = proxy === undefined ? this.#machine : throughProxy(this.#machine, proxy, { signal, time })
    return await secureDial(dialer, {
      ...to,
      ...(ca ? { ca } : { isPublic: true }),
      timeoutMs: CONNECT_LIMIT_MS,
      signal,
      time,
    })
  }

  close(): void {
    this.agent.destroy()
  }

  get #machine() {
    return this.#access.through ?? directDialer
  }
}

/** An agent that Node takes for HTTPS: the streams that it gets have TLS already. */
export function httpsAgent(open: ConstructorParameters<typeof LinkAgent>[0]): LinkAgent {
  return Object.assign(new LinkAgent(open, { keepAlive: true }), { protocol: 'https:', defaultPort: 443 })
}
