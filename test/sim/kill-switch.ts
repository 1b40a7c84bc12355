import { StateError } from '../../src/errors.ts'
import type { TransportFactory } from '../../src/node/transport/link.ts'
import type { Deps } from '../../src/session/deps.ts'
import type { ClusterState } from '../../src/state/cluster-state.ts'
import type { Lock, StateStore, StoredState } from '../../src/state/state-store.ts'
import type { SimTransports } from './sim-link.ts'
import type { SimWorld } from './sim-world.ts'

/**
 * What a run gets so that it can be killed: from then on it reaches no machine and saves no state, and is told
 * to end, so that it leaves as little behind as the process of a SIGKILL.
 */
export class KillSwitch {
  readonly transports: TransportFactory
  readonly store: StateStore
  readonly #transports: SimTransports
  readonly #abort = new AbortController()

  constructor(world: SimWorld, store: StateStore) {
    this.#transports = world.transports()
    this.transports = this.#transports
    this.store = new KillableStore(store, this.#abort.signal)
  }

  /** What to hand to the run, besides the signal. */
  get deps(): Pick<Deps, 'transports' | 'store'> {
    return { transports: this.transports, store: this.store }
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  kill(): void {
    this.#transports.cut()
    this.#abort.abort()
  }
}

class KillableStore implements StateStore {
  readonly #store: StateStore
  readonly #killed: AbortSignal

  constructor(store: StateStore, killed: AbortSignal) {
    this.#store = store
    this.#killed = killed
  }

  async load(): Promise<StoredState | undefined> {
    this.#refuseIfKilled()
    return this.#store.load()
  }

  async save(state: ClusterState, expected: string | undefined): Promise<{ revision: string }> {
    this.#refuseIfKilled()
    return this.#store.save(state, expected)
  }

  async setAside(now: Date): Promise<string | undefined> {
    this.#refuseIfKilled()
    return this.#store.setAside(now)
  }

  async keep(now: Date): Promise<string | undefined> {
    this.#refuseIfKilled()
    return this.#store.keep(now)
  }

  async loadKept(name: string): Promise<ClusterState> {
    this.#refuseIfKilled()
    return this.#store.loadKept(name)
  }

  async remove(): Promise<void> {
    this.#refuseIfKilled()
    return this.#store.remove()
  }

  /** A lock ends with its process. */
  async lock(owner: string, signal?: AbortSignal): Promise<Lock> {
    return this.#store.lock(owner, signal)
  }

  #refuseIfKilled(): void {
    if (this.#killed.aborted) throw new StateError('this process is dead')
  }
}
