import type { Duplex } from 'node:stream'
import { CancelledError, ConnectionError } from '../../src/errors.ts'
import type {
  DialTarget,
  Link,
  LinkClosed,
  NodeSpec,
  TransportFactory,
} from '../../src/node/transport/link.ts'
import { connectedStreams } from './connected-streams.ts'
import type { SimMachine } from './sim-machine.ts'
import type { SimWorld } from './sim-world.ts'

const ignore = (): void => {}

const DOCKER_SOCKET = '/var/run/docker.sock'

/** A connection to a simulated machine, which behaves as one by SSH. */
export class SimLink implements Link {
  readonly closed: Promise<LinkClosed>
  readonly machine: SimMachine
  readonly #streams = new Set<Duplex>()
  readonly #end: (why: LinkClosed) => void
  #ended = false

  constructor(machine: SimMachine) {
    this.machine = machine
    const { promise, resolve } = Promise.withResolvers<LinkClosed>()
    this.closed = promise
    this.#end = resolve
  }

  async dial(to: DialTarget, signal?: AbortSignal): Promise<Duplex> {
    const { address, world } = this.machine
    if (signal?.aborted) throw new CancelledError('dialling was cancelled', { host: address })
    if (this.#ended) throw this.#lost()
    const stream =
      'socket' in to ? this.#dialSocket(to.socket) : world.connect(this.machine, to.host, to.port)
    if (typeof stream === 'string') {
      const target = 'socket' in to ? to.socket : `${to.host}:${to.port}`
      const kind = stream === 'Connection refused' ? 'refused' : 'other'
      throw new ConnectionError(kind, `${address} cannot connect to ${target}: ${stream}`, { host: address })
    }
    this.#streams.add(stream)
    stream.once('close', () => this.#streams.delete(stream))
    // A real connection does not break between the end of a dial and the first look at its stream.
    stream.on('error', ignore)
    setImmediate(() => stream.off('error', ignore))
    return stream
  }

  async close(): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    for (const stream of this.#streams) stream.destroy()
    this.#end({})
  }

  /** The connection breaks: every stream on it fails. */
  cut(): void {
    if (this.#ended) return
    this.#ended = true
    for (const stream of this.#streams) stream.destroy(this.#lost())
    this.#end({ error: this.#lost() })
  }

  #dialSocket(socket: string): Duplex | string {
    if (socket !== DOCKER_SOCKET) return 'no such file or directory'
    const [near, far] = connectedStreams()
    this.machine.acceptDocker(far)
    return near
  }

  #lost(): ConnectionError {
    const { address } = this.machine
    return new ConnectionError('closed', `the connection to ${address} was closed`, { host: address })
  }
}

/** The connections of one run. `cut()` ends all of them for good, as the death of its process does. */
export class SimTransports implements TransportFactory {
  readonly #world: SimWorld
  readonly #links = new Set<SimLink>()
  #dead = false

  constructor(world: SimWorld) {
    this.#world = world
  }

  /** Links that were opened and not closed since. */
  get count(): number {
    return this.#links.size
  }

  async open({ address }: NodeSpec): Promise<Link> {
    const machine = this.#world.machine(address)
    if (this.#dead || !machine.reachable) {
      throw new ConnectionError('timed-out', `${address} cannot be reached: no answer`, {
        host: address,
        step: 'connect',
        hint: 'check that the machine runs',
      })
    }
    const link = new SimLink(machine)
    this.#links.add(link)
    void link.closed.then(() => this.#links.delete(link))
    return link
  }

  cut(): void {
    this.#dead = true
    for (const link of this.#links) link.cut()
  }

  /** Breaks the connections to one machine; new ones can be made. */
  cutTo(address: string): void {
    for (const link of this.#links) if (link.machine.address === address) link.cut()
  }
}
