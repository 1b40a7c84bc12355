import type { Secret } from '../../secret.ts'
import type { HalfState } from '../../state/cluster-state.ts'
import type { Base } from './base.ts'

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
