import type { ClusterState } from './cluster-state.ts'

/** The sole right to change a cluster's state, until it is released. */
export interface Lock {
  release(): Promise<void>
}

/**
 * Where the state of one cluster lives. Saving is compare-and-swap: nothing is overwritten that was not seen.
 * Every method throws StateError if the store cannot be read or written.
 */
export interface StateStore {
  /** The state and a revision of its content; `undefined` if there is none yet. A damaged state is a StateError. */
  load(): Promise<{ state: ClusterState; revision: string } | undefined>
  /**
   * Saves `state` if the store still holds revision `expected` (`undefined`: holds nothing), else throws StateError.
   */
  save(state: ClusterState, expected: string | undefined): Promise<{ revision: string }>
  /**
   * Keeps what the store holds, damaged or not, under another name with this moment in it, so that it holds nothing.
   * @returns the other name; `undefined` if there was nothing.
   */
  setAside(now: Date): Promise<string | undefined>
  /** Deletes the state, after a cluster was removed. No error if there is none. */
  remove(): Promise<void>
  /**
   * Waits for nobody: throws LockError that names the holder if another run has the lock.
   * @param owner who asks, in words for the other side: `rke up`.
   */
  lock(owner: string, signal?: AbortSignal): Promise<Lock>
}
