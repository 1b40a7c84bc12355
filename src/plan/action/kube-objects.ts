import type { StoredResources } from '../../desired/encryption/stored-resources.ts'
import type { KubeObject } from '../../kube/objects/kube-object.ts'
import type { Base } from './base.ts'

/** Creates or updates the objects that let nodes and addon Jobs use the API. */
export interface KubeAuthorization extends Base {
  readonly kind: 'kube.authorization'
  readonly objects: readonly KubeObject[]
}

/** Writes every object that the provider file is about back as it is, so that the API server stores it in the way it does now. */
export interface EncryptionRewrite extends Base {
  readonly kind: 'encryption.rewrite'
  readonly resources: readonly StoredResources[]
}

/** Reads in etcd how every value of these resources is stored, before the keys go that others would need. */
export interface EncryptionVerify extends Base {
  readonly kind: 'encryption.verify'
  readonly resources: readonly StoredResources[]
  /** Addresses of nodes with a member of etcd, one of which is asked. */
  readonly members: readonly string[]
  /** What all keys of the API servers begin with: `/registry`. */
  readonly prefix: string
  /** Resources that are in another etcd, which cannot be asked. */
  readonly elsewhere: readonly string[]
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
