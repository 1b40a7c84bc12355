import type { Duplex } from 'node:stream'
import { CancelledError, ConnectionError } from '../errors.ts'
import { Docker } from './docker/docker.ts'
import type { DockerApi } from './docker/docker-api.ts'
import { preloadDockerode } from './docker/load-dockerode.ts'
import type { Node } from './node.ts'
import type { DialTarget, Link, NodeSpec, TransportFactory } from './transport/link.ts'
import { unlessAborted } from './transport/unless-aborted.ts'

/** Where Docker listens when cluster.yml does not say. */
export const DOCKER_SOCKET = '/var/run/docker.sock'

/**
 * Connects to a node. Fails with a `ConnectionError`; whether Docker can be used shows with the first call to
 * it. The caller closes the node.
 */
export async function openNode(
  spec: NodeSpec,
  transports: TransportFactory,
  signal: AbortSignal,
): Promise<Node> {
  const node = new NodeConnection(spec, transports)
  await node.connect(signal)
  return node
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

  constructor(spec: NodeSpec, transports: TransportFactory) {
    this.address = spec.address
    this.spec = spec
    this.#transports = transports
    const socket =
      spec.dockerSocket === undefined || spec.dockerSocket === '' ? DOCKER_SOCKET : spec.dockerSocket
    this.#docker = new Docker(spec.address, (signal) => this.dial({ socket }, signal))
    this.docker = this.#docker
  }

  async connect(signal: AbortSignal): Promise<void> {
    preloadDockerode()
    await this.#connected(signal)
  }

  async dial(to: DialTarget, signal?: AbortSignal): Promise<Duplex> {
    const link = await this.#connected(signal)
    try {
      return await link.dial(to, signal)
    } catch (error) {
      if (!(error instanceof ConnectionError) || error.kind !== 'closed') throw error
      // It was lost, and nothing was sent yet: this dial is the reason to connect again.
      this.#forget(link)
      return await (await this.#connected(signal)).dial(to, signal)
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#docker.close()
    await this.#link?.then(
      (link) => link.close(),
      () => undefined,
    )
  }

  #connected(signal: AbortSignal | undefined): Promise<Link> {
    if (this.#closing.signal.aborted) {
      const message = 'the connection was closed by this program'
      return Promise.reject(new ConnectionError('closed', message, { host: this.address }))
    }
    this.#link ??= this.#open()
    return unlessAborted(
      this.#link,
      signal,
      () => new CancelledError('connecting was cancelled', { host: this.address }),
    )
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
