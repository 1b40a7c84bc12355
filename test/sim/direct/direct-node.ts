import { type Duplex, PassThrough } from 'node:stream'
import { ConnectionError } from '../../../src/errors.ts'
import type { Node } from '../../../src/node/node.ts'
import type { DialTarget, NodeSpec } from '../../../src/node/transport/link.ts'
import type { SimMachine } from '../sim-machine.ts'
import { DirectDocker } from './direct-docker.ts'
import type { DirectRun } from './direct-run.ts'

/** A simulated machine as a run has it connected, without streams: a dial says only whether somebody listens. */
export class DirectNode implements Node {
  readonly address: string
  readonly spec: NodeSpec
  readonly docker: DirectDocker
  readonly #machine: SimMachine

  constructor(run: DirectRun, machine: SimMachine) {
    this.#machine = machine
    this.address = machine.address
    this.spec = { address: machine.address, port: '22', user: 'root' }
    this.docker = new DirectDocker(run, machine)
  }

  async dial(to: DialTarget): Promise<Duplex> {
    const { address } = this.#machine
    const failure = 'socket' in to ? 'no such socket' : this.#failure(to.host, to.port)
    if (failure === undefined) return new PassThrough()
    const kind = failure === 'Connection refused' ? 'refused' : 'timed-out'
    throw new ConnectionError(kind, `${address} cannot connect: ${failure}`, { host: address })
  }

  async close(): Promise<void> {}

  #failure(host: string, port: number): string | undefined {
    const target = this.#machine.world.machineAt(this.#machine, host)
    if (target?.reachable !== true) return 'No route to host'
    return target.ports.has(port) ? undefined : 'Connection refused'
  }
}
