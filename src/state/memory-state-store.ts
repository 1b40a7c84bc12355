import { LockError, StateError } from '../errors.ts'
import { Secret } from '../secret.ts'
import type { ClusterState } from './cluster-state.ts'
import { parseState, serialiseState } from './state-json.ts'
import type { Lock, StateStore, StoredState } from './state-store.ts'

/** The state in memory, for tests and for programs that store it elsewhere. Checks revisions like the file store. */
export class MemoryStateStore implements StateStore {
  /** Backups by name. */
  readonly aside = new Map<string, string>()
  #saved: { readonly text: string; readonly revision: string } | undefined
  #saves = 0
  #holder: string | undefined

  constructor(state?: ClusterState) {
    if (state !== undefined) this.#keep(state)
  }

  async load(): Promise<StoredState | undefined> {
    if (this.#saved === undefined) return undefined
    const { text, revision } = this.#saved
    return { state: parseState(text, 'the state in memory'), revision, text: new Secret(text) }
  }

  async save(state: ClusterState, expected: string | undefined): Promise<{ revision: string }> {
    if (this.#saved?.revision !== expected) {
      throw new StateError('the state was changed by someone else since it was read')
    }
    return { revision: this.#keep(state) }
  }

  async setAside(now: Date): Promise<string | undefined> {
    if (this.#saved === undefined) return undefined
    const name = `state before ${now.toISOString()}`
    this.aside.set(name, this.#saved.text)
    this.#saved = undefined
    return name
  }

  async keep(now: Date): Promise<string | undefined> {
    if (this.#saved === undefined) return undefined
    const name = `state before ${now.toISOString()}`
    this.aside.set(name, this.#saved.text)
    return name
  }

  async loadKept(name: string): Promise<ClusterState> {
    const text = this.aside.get(name)
    if (text === undefined) throw new StateError(`there is no ${name}`)
    return parseState(text, name)
  }

  async remove(): Promise<void> {
    this.#saved = undefined
  }

  async lock(owner: string, signal?: AbortSignal): Promise<Lock> {
    signal?.throwIfAborted()
    if (this.#holder !== undefined) throw new LockError(`${this.#holder} is working on this cluster`)
    this.#holder = owner
    let held = true
    return {
      release: async () => {
        if (held) this.#holder = undefined
        held = false
      },
    }
  }

  #keep(state: ClusterState): string {
    this.#saves += 1
    const revision = String(this.#saves)
    this.#saved = { text: serialiseState(state), revision }
    return revision
  }
}
