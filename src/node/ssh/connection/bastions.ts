import { CancelledError } from '../../../errors.ts'
import type { BastionSpec } from '../../transport/link.ts'
import { unlessAborted } from '../../transport/unless-aborted.ts'
import type { SshLink } from './ssh-link.ts'

/** A share in the connection to a bastion. */
export interface BastionLease {
  readonly link: SshLink
  release(): Promise<void>
}

interface Shared {
  readonly link: Promise<SshLink>
  /** Ends the attempt to connect, when nobody waits for it any more. */
  readonly abort: AbortController
  users: number
}

type ConnectBastion = (spec: BastionSpec, signal: AbortSignal) => Promise<SshLink>

/** Connections to bastions: one for each, shared by all nodes behind it, closed with its last user. */
export class Bastions {
  readonly #connect: ConnectBastion
  readonly #shared = new Map<string, Shared>()

  constructor(connect: ConnectBastion) {
    this.#connect = connect
  }

  async lease(spec: BastionSpec, signal: AbortSignal): Promise<BastionLease> {
    const id = JSON.stringify(spec)
    const shared = this.#shared.get(id) ?? this.#open(id, spec)
    shared.users += 1
    let released = false
    const release = async (): Promise<void> => {
      if (released) return
      released = true
      shared.users -= 1
      if (shared.users > 0) return
      this.#forget(id, shared)
      shared.abort.abort()
      await shared.link.then(
        (link) => link.close(),
        () => undefined,
      )
    }
    try {
      const link = await unlessAborted(
        shared.link,
        signal,
        () => new CancelledError('connecting to the bastion was cancelled', { host: spec.address }),
      )
      return { release, link }
    } catch (error) {
      await release()
      throw error
    }
  }

  #open(id: string, spec: BastionSpec): Shared {
    const abort = new AbortController()
    const shared: Shared = { link: this.#connect(spec, abort.signal), abort, users: 0 }
    this.#shared.set(id, shared)
    // A lost or failed connection is not handed out again; those who have it see their streams fail.
    shared.link
      .then((link) => link.closed)
      .then(
        () => this.#forget(id, shared),
        () => this.#forget(id, shared),
      )
    return shared
  }

  #forget(id: string, shared: Shared): void {
    if (this.#shared.get(id) === shared) this.#shared.delete(id)
  }
}
