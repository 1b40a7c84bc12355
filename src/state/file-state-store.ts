import { createHash } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { StateError } from '../errors.ts'
import { codeOf } from '../files/error-code.ts'
import { readText } from '../files/read-file.ts'
import { realPath } from '../files/real-path.ts'
import { removeFile } from '../files/remove-file.ts'
import { type FileCalls, replaceText } from '../files/replace-file.ts'
import { keepCopy, setAside } from '../files/set-aside.ts'
import { Secret } from '../secret.ts'
import type { ClusterState } from './cluster-state.ts'
import { takeFileLock } from './file-lock.ts'
import { parseState, serialiseState } from './state-json.ts'
import type { Lock, StateStore, StoredState } from './state-store.ts'

/**
 * The state in a file, `cluster.rkestate`; an empty file counts as none. A revision is the hash of the file's bytes,
 * which detects changes by others. Beside it are `<file>.bak`, the content before this store's first save, and, while
 * a run holds the lock, `<file>.lock`.
 */
export class FileStateStore implements StateStore {
  readonly #path: string
  readonly #calls: FileCalls | undefined
  #backedUp = false

  constructor(path: string, calls?: FileCalls) {
    this.#path = path
    this.#calls = calls
  }

  async load(): Promise<StoredState | undefined> {
    const text = await this.#read()
    if (text === undefined) return undefined
    return { state: parseState(text, this.#path), revision: revisionOf(text), text: new Secret(text) }
  }

  async save(state: ClusterState, expected: string | undefined): Promise<{ revision: string }> {
    const before = await this.#read()
    if ((before === undefined ? undefined : revisionOf(before)) !== expected) throw this.#moved()
    const text = serialiseState(state)
    if (text !== before) {
      if (before !== undefined && !this.#backedUp) await this.#write(`${this.#path}.bak`, before)
      this.#backedUp = true
      await this.#write(this.#path, text)
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

  async keep(now: Date): Promise<string | undefined> {
    try {
      const path = await keepCopy(await realPath(this.#path), now)
      return path === undefined ? undefined : basename(path)
    } catch (cause) {
      throw this.#failed('copied', cause)
    }
  }

  async loadKept(name: string): Promise<ClusterState> {
    const path = join(dirname(await realPath(this.#path)), basename(name))
    try {
      return parseState(await readText(path, LARGEST), path)
    } catch (cause) {
      if (cause instanceof StateError) throw cause
      throw new StateError(`${path}, the state from before the restore, cannot be read`, {
        cause,
        step: 'keep the cluster state',
        hint: 'put that file there from where the restore was begun, or run the restore again, which does without it',
      })
    }
  }

  async remove(): Promise<void> {
    try {
      await removeFile(this.#path)
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
      return (await readText(this.#path, LARGEST)) || undefined
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') return undefined
      throw this.#failed('read', cause)
    }
  }

  async #write(path: string, text: string): Promise<void> {
    try {
      await replaceText(path, text, this.#calls && { calls: this.#calls })
    } catch (cause) {
      throw this.#failed('written', cause)
    }
  }

  #failed(what: string, cause: unknown): StateError {
    const hint = HINTS[codeOf(cause)] ?? 'make the file and its folder accessible to this user'
    return new StateError(`${this.#path} cannot be ${what}`, {
      cause,
      step: 'keep the cluster state',
      hint: `${hint}; then run the command again`,
    })
  }

  #moved(): StateError {
    return new StateError(`${this.#path} was changed by someone else since it was read`, {
      step: 'save the cluster state',
      hint: 'nothing was overwritten; run the command again',
    })
  }
}

const HINTS: Readonly<Record<string, string>> = {
  EISDIR: 'the state is kept beside the cluster file, in a file: move the folder away',
  ENOSPC: 'free some space on the disk',
  EROFS: 'keep the cluster file, with its state beside it, where it can be written',
}

/** The state of a cluster of a thousand nodes has some MiB. */
const LARGEST = 256 * 1024 * 1024

const revisionOf = (text: string): string => createHash('sha256').update(text).digest('hex')
