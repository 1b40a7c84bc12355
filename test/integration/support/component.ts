import { randomUUID } from 'node:crypto'
import { label, runLabels } from '../../testbed/addresses.ts'
import { ensureImages } from '../../testbed/images.ts'
import { ensureRegistry } from '../../testbed/registry.ts'
import { docker, tryRun } from '../../testbed/run.ts'

const VERSION = 'v1.31.1-rancher1-1'
const IMAGES = {
  etcd: 'rancher/mirrored-coreos-etcd:v3.5.15',
  kubernetes: 'rancher/hyperkube:v1.31.1-rancher1',
} as const

let registry: Promise<string> | undefined

/** A component of Kubernetes on this box's own network, on a loopback address of its own. */
export class Component implements AsyncDisposable {
  readonly id: string

  private constructor(id: string) {
    this.id = id
  }

  /** Starts it with `certificates` at /certificates. Does not wait for its health. */
  static async start(
    image: keyof typeof IMAGES,
    command: readonly string[],
    certificates: string,
  ): Promise<Component> {
    registry ??= ensureImages([VERSION]).then(ensureRegistry)
    const name = `rke-integration-${randomUUID().slice(0, 8)}`
    const labels = [label, `${label}.component`, ...runLabels()].flatMap((one) => ['--label', one])
    const options = ['--name', name, ...labels, '--network', 'host', '-v', `${certificates}:/certificates:ro`]
    await docker('run', '-d', ...options, `${await registry}/${IMAGES[image]}`, ...command)
    return new Component(name)
  }

  /** Runs a command inside; gives its standard output. */
  exec(...command: readonly string[]): Promise<string> {
    return docker('exec', this.id, ...command)
  }

  async stop(): Promise<void> {
    await docker('stop', '-t', '1', this.id)
  }

  async start(): Promise<void> {
    await docker('start', this.id)
  }

  async log(): Promise<string> {
    const { stdout, stderr } = await tryRun('docker', ['logs', '--tail', '20', this.id])
    return stdout + stderr
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await docker('rm', '-fv', this.id)
  }
}
