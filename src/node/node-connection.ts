import type { Duplex } from 'node:stream'
import { CancelledError, ConnectionError } from '../errors.ts'
import type { Time } from '../time.ts'
import { Docker } from './docker/docker.ts'
import type { DockerApi } from './docker/docker-api.ts'
import { preloadDockerode } from './docker/load-dockerode.ts'
import type { Node } from './node.ts'
import type { DialTarget, Link, NodeSpec, TransportFactory } from './transport/link.ts'
import { unlessAborted } from './transport/unless-aborted.ts'

/** Where Docker listens when cluster.yml does not say. */
export const DOCKER_SOCKET = '/var/run/docker.sock'

export interface NodeOptions {
  /** Aborted: the node is closed, and with it ends at once all that is asked through it. */
  readonly abort?: AbortSignal | undefined
  /** How waiting is done; by the machine's clock by default. */
  readonly time?: Time | undefined
}

/**
 * Connects to a node, until `signal` is aborted. Fails with a `ConnectionError`; whether Docker can be used shows with
 * the first call to it. The caller closes the node.
 */
export async function openNode(
  spec: NodeSpec,
  transports: TransportFactory,
  signal: AbortSignal,
  options: NodeOptions = {},
): Promise<Node> {
  const node = new NodeConnection(spec, transports, options)
  try {
    await node.connect(signal)
    return node
  } catch (error) {
    await node.close()
    throw error
  }
}

/** A node whose link is opened anew, for the next dial, after it was lost. */
class NodeConnection implements Node {
  readonly address: string
  readonly spec: NodeSpec
  readonly docker: DockerApi
  readonly #transports: TransportFactory
  readonly #closing = new AbortController()
  readonly #docker: Docker
  /** The link in use, or on its way. */
  #link: Promise<Link> | undefined
  /** The same, once it is there. */
  #opened: Link | undefined

  constructor(spec: NodeSpec, transports: TransportFactory, { abort, time }: NodeOptions) {
    this.address = spec.address
    this.spec = spec
    this.#transports = transports
    const socket =
      spec.dockerSocket === undefined || spec.dockerSocket === '' ? DOCKER_SOCKET : spec.dockerSocket
    this.#docker = new Docker(spec.address, (signal) => this.dial({ socket }, signal), time)
    this.docker = this.#docker
    const closeAtOnce = (): void => void this.close().catch(() => undefined)
    if (abort?.aborted) closeAtOnce()
    abort?.addEventListener('abort', closeAtOnce, { once: true })
  }

  async connect(signal: AbortSignal): Promise<void> {
    preloadDockerode()
    await this.#connected(signal)
  }

  async dial(to: DialTarget, signal?: AbortSignal): Promise<Duplex> {
    const link = await this.#connected(signal)
    const either = this.#untilClosed(signal)
    try {
      return await this.#dialThrough(link, to, either)
    } catch (error) {
      if (!(error instanceof ConnectionError) || error.kind !== 'closed') throw error
      // It was lost, and nothing was sent yet: this dial is the reason to connect again.
      this.#forget(link)
      return await this.#dialThrough(await this.#connected(signal), to, either)
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#docker.close()
    // One that is still being made is given up: it may never come, and is closed if it does.
    const closed = this.#link?.then(
      (link) => link.close(),
      () => undefined,
    )
    if (this.#opened !== undefined) await closed
  }

  #connected(signal: AbortSignal | undefined): Promise<Link> {
    if (this.#closing.signal.aborted) {
      const message = 'the connection was closed by this program'
      return Promise.reject(new ConnectionError('closed', message, { host: this.address }))
    }
    this.#link ??= this.#open()
    return unlessAborted(
      this.#link,
      this.#untilClosed(signal),
      () => new CancelledError('connecting was cancelled', { host: this.address }),
    )
  }

  /** Ends with the signal, also where the link does not heed it. */
  #dialThrough(link: Link, to: DialTarget, signal: AbortSignal): Promise<Duplex> {
    const dialled = link.dial(to, signal)
    dialled.then(
      (stream) => signal.aborted && stream.destroy(),
      () => undefined,
    )
    return unlessAborted(
      dialled,
      signal,
      () => new CancelledError('connecting was cancelled', { host: this.address }),
    )
  }

  #untilClosed(signal: AbortSignal | undefined): AbortSignal {
    const closing = this.#closing.signal
    return signal === undefined ? closing : AbortSignal.any([signal, closing])
  }

  /** All dials share it, so only closing the node cancels it. */
  #open(): Promise<Link> {
    const opening = this.#transports.open(this.spec, this.#closing.signal)
    opening.then(
      (link) => {
        this.#opened = link
        void link.closed.then(() => this.#forget(link))
      },
      () => {
        if (this.#link === opening) this.#link = undefined
      },
    )
    return opening
  }

  #forget(lost: Link): void {
    if (this.#opened !== lost) return
    this.#opened = undefined
    this.#link = undefined
  }
}
