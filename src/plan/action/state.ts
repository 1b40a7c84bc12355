import type { Secret } from '../../secret.ts'
import type { ClusterState, HalfState } from '../../state/cluster-state.ts'
import type { Base, OnNode } from './base.ts'

/** Makes the configuration that was just applied the current half of the state. */
export interface StateCommit extends Base {
  readonly kind: 'state.commit'
  readonly applied: Secret<HalfState>
  /** SHA-256 of what is recorded, but for certificates and keys that are made in this run. Stands for `applied` in the plan's hash. */
  readonly digest: string
}

/** Copies the state to the Secret in the cluster. */
export interface StatePublish extends Base {
  readonly kind: 'state.publish'
}

/** Notes in the state how Secrets are encrypted from now on, before it is done. */
export interface EncryptionRecord extends Base {
  readonly kind: 'encryption.record'
  readonly text: Secret<string>
  /** It holds a key that was made in this run. */
  readonly generated: boolean
}

/** Keeps the state as it is under another name, and makes this one the state of a restore that has begun. */
export interface RestoreBegin extends Base {
  readonly kind: 'restore.begin'
  readonly snapshot: string
  /** When the restore was begun first; RFC 3339. */
  readonly startedAt: string
  readonly state: Secret<ClusterState>
  /** Addresses of machines that have, or had, a member of etcd of the cluster before. */
  readonly formerMembers: readonly string[]
  /** Addresses of machines whose members it has; absent where nobody could say. */
  readonly members?: readonly string[]
  /** Stands for `state` in the plan's hash: of certificates that are made anew the plan knows only the names. */
  readonly digest: string
}

/** Notes that the restored cluster works, before anything that leads back is deleted. */
export interface RestoreFinish extends Base {
  readonly kind: 'restore.finish'
}

/** Takes the note of a restore out of the state. */
export interface RestoreEnd extends Base {
  readonly kind: 'restore.end'
}

/** Notes of a machine that a restore has left out that nothing from before it is on it any more. */
export interface RestoreClean extends OnNode {
  readonly kind: 'restore.clean'
}

/** Makes the state from before a restore the state again. */
export interface RestoreUndo extends Base {
  readonly kind: 'restore.undo'
  readonly state: Secret<ClusterState>
}
