import type { Secret } from '../secret.ts'
import type { ClusterState } from './cluster-state.ts'

/** The exclusive right to change a cluster's state, until it is released. */
export interface Lock {
  release(): Promise<void>
}

/** A state as it is stored. */
export interface StoredState {
  readonly state: ClusterState
  /** Of its content. */
  readonly revision: string
  /** To the byte; it holds keys. */
  readonly text: Secret<string>
}

/**
 * Storage of one cluster's state. Saving is compare-and-swap: an unknown revision is never overwritten. Every method
 * throws StateError if the store cannot be read or written.
 */
export interface StateStore {
  /** `undefined` if there is none yet. A damaged state is a StateError. */
  load(): Promise<StoredState | undefined>
  /**
   * Saves `state` if the store still holds revision `expected` (`undefined`: holds nothing), else throws StateError.
   */
  save(state: ClusterState, expected: string | undefined): Promise<{ revision: string }>
  /**
   * Backs up the stored state, damaged or not, under another name with this time in it, and leaves the store empty.
   * @returns the name of the backup; `undefined` if the store was empty.
   */
  setAside(now: Date): Promise<string | undefined>
  /**
   * Copies the stored state under another name with this time in it; the state itself stays.
   * @returns the name of the copy beside it, which is good wherever the store is moved to; `undefined` if the store is empty.
   */
  keep(now: Date): Promise<string | undefined>
  /** The state that was kept under this name; a StateError if there is none. */
  loadKept(name: string): Promise<ClusterState>
  /** Deletes the state of a removed cluster. No error if there is none. */
  remove(): Promise<void>
  /**
   * Does not wait: throws LockError that names the holder if another run has the lock.
   * @param owner the user and command, for the message to others: `rke up`.
   */
  lock(owner: string, signal?: AbortSignal): Promise<Lock>
}
