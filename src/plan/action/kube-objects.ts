import type { KubeObject } from '../../kube/objects/kube-object.ts'
import type { Base } from './base.ts'

/** Creates or updates the objects that let nodes and addon Jobs use the API. */
export interface KubeAuthorization extends Base {
  readonly kind: 'kube.authorization'
  readonly objects: readonly KubeObject[]
}

/** Writes every Secret back as it is, so that the API server stores it in the way it does now. */
export interface SecretsRewrite extends Base {
  readonly kind: 'secrets.rewrite'
}

/** Deletes Leases, so that whoever wants one need not wait until it expires. */
export interface LeasesRelease extends Base {
  readonly kind: 'leases.release'
  /** Names in kube-system. */
  readonly names: readonly string[]
}

/** Asks whether the API server accepts the tokens of ServiceAccounts that are stored in Secrets. */
export interface TokensCheck extends Base {
  readonly kind: 'tokens.check'
}
