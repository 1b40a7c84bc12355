import type { Duplex } from 'node:stream'
import { ConnectionError } from '../../../src/errors.ts'
import type { Node } from '../../../src/node/node.ts'
import type { DialTarget, NodeSpec } from '../../../src/node/transport/link.ts'
import { FakeDocker } from './fake-docker.ts'

/** A machine in memory, for tests of everything above it. */
export class FakeNode implements Node {
  readonly address: string
  readonly spec: NodeSpec
  readonly docker: FakeDocker
  /** Every dial, as `host:port` or the socket's path. */
  readonly dialled: string[] = []
  /** What a dial gives; without it, and where it gives nothing, the connection is refused. */
  onDial: ((to: DialTarget) => Promise<Duplex | undefined> | Duplex | undefined) | undefined
  closed = false

  constructor(address: string, spec: Partial<NodeSpec> = {}) {
    this.address = address
    this.spec = { address, port: '22', user: 'rke', ...spec }
    this.docker = new FakeDocker(address)
  }

  async dial(to: DialTarget): Promise<Duplex> {
    const target = 'socket' in to ? to.socket : `${to.host}:${to.port}`
    this.dialled.push(target)
    const stream = await this.onDial?.(to)
    if (stream !== undefined) return stream
    throw new ConnectionError('refused', `${this.address} cannot connect to ${target}: refused`, {
      host: this.address,
    })
  }

  async close(): Promise<void> {
    this.closed = true
  }
}
