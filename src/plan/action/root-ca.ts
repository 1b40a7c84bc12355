import type { ObjectRef } from '../../kube/objects/kube-object.ts'
import type { Base } from './base.ts'

/** Waits until every namespace has this CA for its pods, and every Secret with a token of a ServiceAccount, too. */
export interface RootCaPublished extends Base {
  readonly kind: 'root-ca.published'
  /** PEM text of one or several certificates. */
  readonly ca: string
}

/** Restarts all pods of a Deployment, StatefulSet or DaemonSet as `kubectl rollout restart` does, by its own strategy. */
export interface WorkloadRestart extends Base {
  readonly kind: 'workload.restart'
  readonly workload: ObjectRef & { readonly namespace: string }
  /** RFC 3339; a workload that has this mark is not marked again. */
  readonly mark: string
  /** It is one of the cluster's own add-ons: its pods on Nodes that are not Ready are not waited for. */
  readonly isAddon: boolean
}

/** Has the tokens of ServiceAccounts that are stored in Secrets signed with another key. */
export interface TokensRenew extends Base {
  readonly kind: 'tokens.renew'
  /** The key's id, as tokens name it. */
  readonly keyId: string
}
