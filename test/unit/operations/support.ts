import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import type { Event } from '../../../src/engine/events.ts'
import type { Run } from '../../../src/engine/run.ts'
import { plan } from '../../../src/operations/plan.ts'
import type { PlanResult, UpResult } from '../../../src/operations/results.ts'
import { type UpOptions, up } from '../../../src/operations/up.ts'
import { pooledKeys } from '../../sim/key-pool.ts'
import { SimWorld } from '../../sim/sim-world.ts'
import { WatchedStore } from '../../sim/watched-store.ts'
import { catalog, read } from '../fixture.ts'

const SMALL = `
nodes:
- {address: 10.66.0.11, user: root, role: [controlplane, etcd, worker]}
kubernetes_version: v1.30.4-rancher1-1
network: {plugin: flannel}
ingress: {provider: none}
`

const THREE = `
nodes:
- {address: 10.66.0.11, user: root, role: [controlplane, etcd, worker]}
- {address: 10.66.0.12, user: root, role: [controlplane, etcd, worker]}
- {address: 10.66.0.13, user: root, role: [controlplane, etcd, worker]}
kubernetes_version: v1.30.4-rancher1-1
network: {plugin: flannel}
ingress: {provider: none}
`

/** Cluster files by what they are about. */
export const CLUSTERS = { 'one node': SMALL, 'mixed roles': read('cluster.yml'), 'three of all roles': THREE }

export type ClusterName = keyof typeof CLUSTERS

/** Machines and a state for one cluster, and what a user does with them. */
export class Scenario {
  readonly config: ClusterConfig
  readonly world: SimWorld
  readonly store: WatchedStore

  constructor(config: ClusterConfig, world: SimWorld, store = new WatchedStore()) {
    this.config = config
    this.world = world
    this.store = store
  }

  static async of(text: string): Promise<Scenario> {
    const { config } = loadConfig(text, 'cluster.yml', catalog)
    return new Scenario(config, await SimWorld.create(config.nodes))
  }

  get deps() {
    return { transports: this.world.transports(), store: this.store, catalog, keys: pooledKeys }
  }

  plan(): Promise<PlanResult> {
    return plan(this.config, this.deps).result
  }

  up(options: UpOptions = {}): Run<UpResult> {
    return up(this.config, this.deps, options)
  }
}

export async function eventsOf(run: AsyncIterable<Event>): Promise<readonly Event[]> {
  const events: Event[] = []
  for await (const event of run) events.push(event)
  return events
}
