import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Secret } from '../../secret.ts'
import { type ClusterState, emptyState } from '../../state/cluster-state.ts'
import type { StateStore } from '../../state/state-store.ts'

/** The state of one cluster while a run goes on: what is saved, and the right revision to save over. */
export class StateSession {
  readonly #store: StateStore
  #state: ClusterState
  #revision: string | undefined
  #last: Promise<void> = Promise.resolve()

  private constructor(store: StateStore, state: ClusterState, revision: string | undefined) {
    this.#store = store
    this.#state = state
    this.#revision = revision
  }

  static async open(store: StateStore): Promise<StateSession> {
    const stored = await store.load()
    return new StateSession(store, stored?.state ?? emptyState, stored?.revision)
  }

  /** There is a state at all. */
  get exists(): boolean {
    return this.#revision !== undefined
  }

  /** Revision of what is stored; `undefined` if there is none. */
  get revision(): string | undefined {
    return this.#revision
  }

  get state(): ClusterState {
    return this.#state
  }

  /** Saves, unless nothing changes: an unchanged run leaves the file's very bytes alone. */
  save(change: Partial<ClusterState>): Promise<void> {
    return this.update((state) => ({ ...state, ...change }))
  }

  /** Copies what is stored under another name (`StateStore.keep`). */
  keep(now: Date): Promise<string | undefined> {
    return this.#store.keep(now)
  }

  /** Saves a whole state in the place of what is stored, unless that is the same. */
  replace(next: ClusterState): Promise<void> {
    return this.update(() => next)
  }

  /** Saves what follows from the state as it is then: steps of a run that change it at the same time come one after the other. */
  update(change: (state: ClusterState) => ClusterState): Promise<void> {
    const saved = this.#last.then(() => this.#write(change(this.#state)))
    this.#last = saved.catch(() => {})
    return saved
  }

  async #write(next: ClusterState): Promise<void> {
    if (this.exists && isDeepStrictEqual(next, this.#state)) return
    const { revision } = await this.#store.save(next, this.#revision)
    this.#state = next
    this.#revision = revision
  }
}

/** Identifies copies of states: lower-case hex SHA-256. */
export function copyDigest(copy: Secret<string>): string {
  return createHash('sha256').update(copy.reveal()).digest('hex')
}
