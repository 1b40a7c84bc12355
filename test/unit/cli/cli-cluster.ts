import { mkdir, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../../src/cli/io.ts'
import { main } from '../../../src/cli/main.ts'
import { pooledKeys } from '../../sim/key-pool.ts'
import { SimWorld } from '../../sim/sim-world.ts'
import { configOf } from '../operations/support.ts'
import { fakeIo } from './fake-io.ts'

export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Simulated machines and folders with cluster files, and the program as a user calls it in one of them. */
export class CliCluster {
  readonly world: SimWorld
  readonly folder: string

  private constructor(world: SimWorld, folder: string) {
    this.world = world
    this.folder = folder
  }

  /** Machines for all nodes of a cluster file, which is written into the folder `home`. */
  static async of(text: string, machines = text): Promise<CliCluster> {
    const world = await SimWorld.create(configOf(machines).nodes)
    const cluster = new CliCluster(world, await mkdtemp(join(tmpdir(), 'rke-cli-')))
    await cluster.write(text)
    return cluster
  }

  /** The same with a cluster that was just brought up. */
  static async up(text: string, machines = text): Promise<CliCluster> {
    const cluster = await CliCluster.of(text, machines)
    const { code, out } = await cluster.rke('up')
    if (code !== 0) throw new TypeError(`up failed:\n${out}`)
    return cluster
  }

  path(name: string, folder = 'home'): string {
    return join(this.folder, folder, name)
  }

  read(name: string, folder = 'home'): Promise<string> {
    return readFile(this.path(name, folder), 'utf8')
  }

  async write(text: string, name = 'cluster.yml', folder = 'home'): Promise<void> {
    await mkdir(join(this.folder, folder), { recursive: true })
    await writeFile(this.path(name, folder), text)
  }

  async delete(name: string): Promise<void> {
    await unlink(this.path(name))
  }

  /** Runs one command with the cluster file of a folder. */
  async rke(line: string, folder = 'home', clock?: () => Date, env: Environment = {}): Promise<Ended> {
    const { world } = this
    const from = world.machines[0]
    if (from === undefined) throw new TypeError('there are no machines')
    const io = fakeIo({
      env,
      world: {
        transports: world.transports(),
        keys: pooledKeys,
        ...(clock && { clock }),
        dialer: {
          dial: async (to) => {
            const stream = 'host' in to ? world.connect(from, to.host, to.port) : 'no socket'
            if (typeof stream === 'string') throw new TypeError(stream)
            return stream
          },
        },
      },
    })
    const code = await main([...line.split(' '), '--config', this.path('cluster.yml', folder)], io)
    return { code, out: io.stdout.text(), err: io.stderr.text() }
  }

  /** The Kubernetes objects of the cluster. */
  get kube() {
    const server = this.world.machines.find(({ apiServer }) => apiServer !== undefined)?.apiServer
    const store = server?.store()
    if (store === undefined) throw new TypeError('no API server runs')
    return store
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}
