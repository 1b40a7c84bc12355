import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import { StateError } from '../../../src/errors.ts'
import { Secret } from '../../../src/secret.ts'
import type { ClusterState } from '../../../src/state/cluster-state.ts'
import { serialiseState } from '../../../src/state/state-json.ts'
import type { Lock, StateStore, StoredState } from '../../../src/state/state-store.ts'

/** A state in memory that is neither written out nor read back: the stores have tests of their own. */
export class ModelStore implements StateStore {
  #saved: { readonly state: ClusterState; readonly revision: string } | undefined
  #saves = 0
  readonly #kept: ClusterState[] = []
  /** Saves are refused from now on, as by a process that is dead. */
  dead = false

  get state(): ClusterState | undefined {
    return this.#saved?.state
  }

  /** Configuration of the cluster before the restore that is under way. */
  get before(): ClusterConfig | undefined {
    const name = this.state?.restoring?.previous
    return name === undefined ? undefined : this.#kept[Number(name) - 1]?.currentState.rkeConfig
  }

  async load(): Promise<StoredState | undefined> {
    const saved = this.#saved
    if (saved === undefined) return undefined
    return {
      ...saved,
      get text() {
        return new Secret(serialiseState(saved.state))
      },
    }
  }

  async save(state: ClusterState, expected: string | undefined): Promise<{ revision: string }> {
    if (this.dead || this.#saved?.revision !== expected) throw new StateError('not saved')
    this.#saves += 1
    this.#saved = { state, revision: String(this.#saves) }
    return this.#saved
  }

  /** The store as a run has it, which saves nothing more once it is killed. */
  of(killed: AbortSignal): StateStore {
    return {
      load: () => this.load(),
      save: async (state, expected) => {
        killed.throwIfAborted()
        return this.save(state, expected)
      },
      setAside: () => this.setAside(),
      keep: () => this.keep(),
      loadKept: (name) => this.loadKept(name),
      remove: () => this.remove(),
      lock: () => this.lock(),
    }
  }

  async setAside(): Promise<string | undefined> {
    const was = this.#saved
    this.#saved = undefined
    return was === undefined ? undefined : 'aside'
  }

  async keep(): Promise<string | undefined> {
    if (this.#saved === undefined) return undefined
    this.#kept.push(this.#saved.state)
    return String(this.#kept.length)
  }

  async loadKept(name: string): Promise<ClusterState> {
    const kept = this.#kept[Number(name) - 1]
    if (kept === undefined) throw new StateError('not kept')
    return kept
  }

  async remove(): Promise<void> {
    this.#saved = undefined
  }

  async lock(): Promise<Lock> {
    return { release: async () => {} }
  }
}
