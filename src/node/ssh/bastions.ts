import type { BastionSpec } from '../link.ts'
import type { SshLink } from './ssh-link.ts'

/** A share in the connection to a bastion. */
export interface BastionLease {
  readonly link: SshLink
  release(): Promise<void>
}

interface Shared {
  readonly link: Promise<SshLink>
  users: number
}

/** Connections to bastions: one for each, shared by all nodes behind it, closed with its last user. */
export class Bastions {
  readonly #connect: (spec: BastionSpec) => Promise<SshLink>
  readonly #shared = new Map<string, Shared>()

  constructor(connect: (spec: BastionSpec) => Promise<SshLink>) {
    this.#connect = connect
  }

  async lease(spec: BastionSpec): Promise<BastionLease> {
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
      await shared.link.then(
        (link) => link.close(),
        () => undefined,
      )
    }
    try {
      const link = await shared.link
      return { release, link }
    } catch (error) {
      await release()
      throw error
    }
  }

  #open(id: string, spec: BastionSpec): Shared {
    const shared: Shared = { link: this.#connect(spec), users: 0 }
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
