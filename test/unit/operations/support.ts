import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import type { Event } from '../../../src/engine/events.ts'
import type { Run } from '../../../src/engine/run.ts'
import { plan } from '../../../src/operations/plan.ts'
import { type RemoveOptions, remove } from '../../../src/operations/remove.ts'
import type { PlanResult, RemoveResult, UpResult } from '../../../src/operations/results.ts'
import {
  type RotateEncryptionKeyOptions,
  type RotateEncryptionKeyResult,
  rotateEncryptionKey,
} from '../../../src/operations/rotate-encryption-key.ts'
import {
  type AbortOptions,
  type AbortResult,
  abortRestore,
} from '../../../src/operations/snapshots/abort-restore.ts'
import { type RestoreResult, restoreSnapshot } from '../../../src/operations/snapshots/restore-snapshot.ts'
import type { SaveOptions, SaveResult } from '../../../src/operations/snapshots/save-results.ts'
import { saveSnapshot } from '../../../src/operations/snapshots/save-snapshot.ts'
import { type UpOptions, up } from '../../../src/operations/up.ts'
import type { Deps, RunOptions } from '../../../src/session/deps.ts'
import type { RestoreOptions } from '../../../src/session/restore/restore-options.ts'
import { callText, isWrite } from '../../sim/calls.ts'
import { pooledKeys } from '../../sim/key-pool.ts'
import { simBuckets } from '../../sim/sim-bucket.ts'
import { SimWorld } from '../../sim/sim-world.ts'
import { WatchedStore } from '../../sim/watched-store.ts'
import { catalog } from '../fixture.ts'

/** Clusters that were brought up once, by their files. No test gets one of them, only copies. */
const built = new Map<string, Promise<Scenario>>()

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

  /** Fresh machines for a cluster file, and more of them if another file names more. */
  static async of(text: string, larger = text): Promise<Scenario> {
    return new Scenario(configOf(text), await SimWorld.create(configOf(larger).nodes))
  }

  /** Machines with a cluster that was just brought up: a copy of the one that was built first. */
  static async up(text: string, larger = text): Promise<Scenario> {
    const key = JSON.stringify([text, larger])
    const building = built.get(key) ?? Scenario.#build(text, larger)
    built.set(key, building)
    return (await building).copy()
  }

  static async #build(text: string, larger: string): Promise<Scenario> {
    const scenario = await Scenario.of(text, larger)
    await scenario.up().result
    return scenario
  }

  /** Other machines and another state of the same content. */
  async copy(): Promise<Scenario> {
    return new Scenario(this.config, this.world.copy(), await this.store.copy())
  }

  /** The same machines and state with another cluster file. */
  with(text: string): Scenario {
    return new Scenario(configOf(text), this.world, this.store)
  }

  get deps(): Deps {
    return {
      transports: this.world.transports(),
      store: this.store,
      catalog,
      keys: pooledKeys,
      openBucket: simBuckets(this.world),
    }
  }

  plan(deps: Partial<Deps> = {}, options: RunOptions = {}): Promise<PlanResult> {
    return plan(this.config, { ...this.deps, ...deps }, options).result
  }

  up(options: UpOptions = {}, deps: Partial<Deps> = {}): Run<UpResult> {
    return up(this.config, { ...this.deps, ...deps }, options)
  }

  rotateKey(
    options: RotateEncryptionKeyOptions = {},
    deps: Partial<Deps> = {},
  ): Run<RotateEncryptionKeyResult> {
    return rotateEncryptionKey(this.config, { ...this.deps, ...deps }, options)
  }

  remove(options: RemoveOptions = {}, deps: Partial<Deps> = {}): Run<RemoveResult> {
    return remove(this.config, { ...this.deps, ...deps }, options)
  }

  save(options: SaveOptions = {}, deps: Partial<Deps> = {}): Run<SaveResult> {
    return saveSnapshot(this.config, { ...this.deps, ...deps }, options)
  }

  restore(options: RestoreOptions, deps: Partial<Deps> = {}): Run<RestoreResult> {
    return restoreSnapshot(this.config, { ...this.deps, ...deps }, options)
  }

  abortRestore(options: AbortOptions = {}, deps: Partial<Deps> = {}): Run<AbortResult> {
    return abortRestore(this.config, { ...this.deps, ...deps }, options)
  }

  /** What was written anywhere since the last call of this: requests to machines, and saves of the state. */
  writes(): readonly string[] {
    const calls = this.world.calls.splice(0).filter(isWrite).map(callText)
    const saves = Array.from({ length: this.store.writes }, () => 'state')
    this.store.writes = 0
    return [...calls, ...saves]
  }

  /** The Kubernetes objects of the cluster. */
  get kube() {
    const server = this.world.machines.find(({ apiServer }) => apiServer !== undefined)?.apiServer
    const store = server?.store()
    if (store === undefined) throw new TypeError('no API server runs')
    return store
  }
}

export function configOf(text: string): ClusterConfig {
  return loadConfig(text, 'cluster.yml', catalog).config
}

/** Reads all events of a run, whose result may be a failure. */
export async function eventsOf(run: AsyncIterable<Event>): Promise<readonly Event[]> {
  const events: Event[] = []
  for await (const event of run) events.push(event)
  return events
}

/** A plan as its ids and reasons. */
export function reasonsOf({ steps }: PlanResult): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(steps.map(({ id, because }) => [id, because]))
}
