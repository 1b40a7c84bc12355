import { createHash } from 'node:crypto'
import { readFile, realpath, rm } from 'node:fs/promises'
import { StateError } from '../errors.ts'
import { atomicWrite, type OpenFile } from './atomic-write.ts'
import type { ClusterState } from './cluster-state.ts'
import { takeFileLock } from './file-lock.ts'
import { setAside } from './set-aside.ts'
import { parseState, serialiseState } from './state-json.ts'
import type { Lock, StateStore } from './state-store.ts'

/**
 * The state in a file, `cluster.rkestate`. A revision is the hash of the file's bytes, so a change by anyone is
 * noticed. Beside it stand `<file>.bak`, the content before this store's first save, and, while a run has the
 * lock, `<file>.lock`.
 */
export class FileStateStore implements StateStore {
  readonly #path: string
  readonly #openFile: OpenFile | undefined
  #backedUp = false

  constructor(path: string, openFile?: OpenFile) {
    this.#path = path
    this.#openFile = openFile
  }

  async load(): Promise<{ state: ClusterState; revision: string } | undefined> {
    const text = await this.#read()
    if (text === undefined) return undefined
    return { state: parseState(text, this.#path), revision: revisionOf(text) }
  }

  async save(state: ClusterState, expected: string | undefined): Promise<{ revision: string }> {
    const before = await this.#read()
    if ((before === undefined ? undefined : revisionOf(before)) !== expected) throw this.#moved()
    const text = serialiseState(state)
    if (text !== before) {
      if (before !== undefined && !this.#backedUp) await this.#write(`${this.#path}.bak`, before)
      this.#backedUp = true
      await this.#write(await realPath(this.#path), text)
    }
    return { revision: revisionOf(text) }
  }

  async setAside(now: Date): Promise<string | undefined> {
    try {
      return await setAside(await realPath(this.#path), now)
    } catch (cause) {
      throw this.#failed('set aside', cause)
    }
  }

  async remove(): Promise<void> {
    try {
      await rm(this.#path, { force: true })
    } catch (cause) {
      throw this.#failed('deleted', cause)
    }
  }

  async lock(owner: string, signal?: AbortSignal): Promise<Lock> {
    signal?.throwIfAborted()
    return takeFileLock(`${this.#path}.lock`, owner)
  }

  async #read(): Promise<string | undefined> {
    try {
      return await readFile(this.#path, 'utf8')
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
      throw this.#failed('read', cause)
    }
  }

  async #write(path: string, text: string): Promise<void> {
    try {
      await atomicWrite(path, text, this.#openFile)
    } catch (cause) {
      throw this.#failed('written', cause)
    }
  }

  #failed(what: string, cause: unknown): StateError {
    const reason = cause instanceof Error ? cause.message : String(cause)
    return new StateError(`${this.#path} cannot be ${what}: ${reason}`, {
      cause,
      step: 'keep the cluster state',
    })
  }

  #moved(): StateError {
    return new StateError(`${this.#path} was changed by someone else since it was read`, {
      step: 'save the cluster state',
      hint: 'nothing was overwritten; run the command again',
    })
  }
}

const revisionOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Where a link leads, so that the link itself stays. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    return path
  }
}
