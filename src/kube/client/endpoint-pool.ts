import type { TLSSocket } from 'node:tls'
import { ConnectionError } from '../../errors.ts'
import { secureDial } from '../../node/transport/secure-dial.ts'
import type { Secret } from '../../secret.ts'
import type { Time } from '../../time.ts'
import type { Dialer } from './dialer.ts'

/** The API server of one control plane node, and the node through which it is dialed. */
export interface KubeEndpoint {
  readonly dialer: Dialer
  /** The node's address as in cluster.yml, for errors. */
  readonly node?: string
  /** As seen from the node, such as `127.0.0.1`. The server's certificate must contain it. */
  readonly host: string
  readonly port: number
  /** What the certificate must contain instead of `host`. */
  readonly servername?: string
  /** The machine's own by default. */
  readonly time?: Time | undefined
}

/** The client's identity, and the CA of the API servers' certificates. PEM. */
export interface KubeCredentials {
  readonly ca: string
  readonly cert: string
  readonly key: Secret<string>
}

/** A dead node must not delay a request for long when others can answer. */
const CONNECT_LIMIT_MS = 5_000

/** Connections to the first API server that accepts one; the last that did is tried first. */
export class EndpointPool {
  readonly #endpoints: readonly KubeEndpoint[]
  readonly #credentials: KubeCredentials
  #preferred = 0

  constructor(endpoints: readonly KubeEndpoint[], credentials: KubeCredentials) {
    this.#endpoints = endpoints
    this.#credentials = credentials
  }

  /** How waiting is done. */
  get time(): Time | undefined {
    return this.#endpoints[0]?.time
  }

  /** Address of the node whose API server accepted the last connection, if known. */
  get node(): string | undefined {
    return this.#endpoints[this.#preferred]?.node
  }

  /** A verified TLS connection. Fails with the error of the first endpoint tried if none accepts. */
  async open(signal?: AbortSignal): Promise<TLSSocket> {
    const count = this.#endpoints.length
    const errors: unknown[] = []
    for (let step = 0; step < count; step++) {
      const index = (this.#preferred + step) % count
      const endpoint = this.#endpoints[index]
      if (endpoint === undefined) break
      try {
        const socket = await dialEndpoint(endpoint, this.#credentials, signal)
        this.#preferred = index
        return socket
      } catch (error) {
        if (signal?.aborted) throw error
        errors.push(error)
      }
    }
    throw errors[0] ?? new ConnectionError('other', 'there is no control plane node to reach the API through')
  }
}

export function dialEndpoint(
  endpoint: KubeEndpoint,
  credentials: KubeCredentials,
  signal?: AbortSignal,
): Promise<TLSSocket> {
  const { dialer, host, port, servername, time } = endpoint
  const limit = { timeoutMs: CONNECT_LIMIT_MS, signal, time }
  return secureDial(dialer, { host, port, servername, ...credentials, ...limit })
}
