import type { AddonReason } from '../../addons/addon-decision.ts'
import type { SnapshotsReason } from '../../config/recurring-snapshots.ts'
import type { EncryptionReason } from '../../desired/encryption/change.ts'
import type { NodePatchReason } from '../../kube/objects/desired-node-patch.ts'
import type { StateReason } from '../../state/state-changes.ts'
import type { ContainerDifference } from '../node/container-difference.ts'
import type { AccessDifference } from '../node/files/access-difference.ts'
import type { MemberFinding } from '../snapshots/recover/member-findings.ts'
import type { RemovalReason } from '../snapshots/removal-reason.ts'

/** Why an action is planned: a kind and its facts. `reasonText` (src/reason-text.ts) puts it into words. */
export type Reason =
  | { readonly kind: PlainReason }
  | ContainerDifference
  | FileReason
  | AddonReason
  | NodePatchReason
  | StateReason
  | EncryptionReason
  | SnapshotsReason
  | RemovalReason
  | StoppedContainer
  /** What was found of etcd's data on a node. */
  | MemberFinding['found']
  /** Nodes on which nothing of the cluster runs yet, by address. */
  | { readonly kind: 'new-nodes'; readonly nodes: readonly string[] }
  /** Certificates of a component that changed, by their names in the state. */
  | { readonly kind: 'certificates-changed'; readonly names: readonly string[] }
  /** The same of certificates that are renewed because they end soon, or have ended. */
  | { readonly kind: 'certificates-renewed'; readonly names: readonly string[] }
  /** Images that a machine does not have. */
  | { readonly kind: 'images-missing'; readonly images: readonly string[] }
  /** Pods of a workload that read the CA of the API when they started, before another one was in it. */
  | { readonly kind: 'started-with-old-ca'; readonly pods: number }
  /** Secrets with tokens of ServiceAccounts, as `namespace/name`. */
  | { readonly kind: 'tokens-of-old-key'; readonly secrets: readonly string[] }
  /** A Kubernetes object, as `Kind name`. */
  | { readonly kind: 'object-missing-or-different'; readonly object: string }
  /** The provider file with which an API server runs. */
  | { readonly kind: 'encryption-file-was'; readonly state: FileState }

/** What was found where a file should be; `changed`: it becomes another one in this run. */
export type FileState = 'new' | 'missing' | 'different' | 'damaged' | 'changed'

/** Files of a node that are written, or whose mode or owner is set; `paths` are absolute. */
export type FileReason =
  | { readonly kind: 'files'; readonly state: FileState; readonly paths: readonly string[] }
  | (AccessDifference & { readonly paths: readonly string[] })

interface StoppedContainer {
  readonly kind: 'container-stopped'
  /** Docker's word: `exited`, `dead`, `paused`. */
  readonly status: string
  readonly exitCode: number
}

/** Reasons that need no facts. */
export type PlainReason =
  | 'asked-for'
  | 'state-in-archive'
  | 'saved-in-this-run'
  | 'left-by-failed-save'
  | 'left-by-killed-restore'
  | 'new-cluster'
  | 'new-node'
  | 'api-does-not-answer'
  | 'cluster-is-removed'
  // Restoring a snapshot
  | 'snapshot-restored'
  | 'restore-aborted'
  | 'way-back'
  | 'cluster-works-again'
  | 'held-by-former-cluster'
  | 'not-in-cluster-yml'
  | 'former-node'
  | 'not-restored'
  | 'may-be-cordoned'
  // Certificates
  | 'ca-changes'
  // Containers
  | 'container-missing'
  | 'container-never-started'
  | 'replacement-interrupted'
  | 'left-by-interrupted-replacement'
  | 'left-by-interrupted-run'
  | 'not-wanted'
  | 'started-in-this-run'
  | 'restarted-in-this-run'
  | 'crash-loop'
  | 'peer-stops'
  | 'image-missing'
  | 'selinux-labels'
  // Nodes in Kubernetes
  | 'not-registered'
  | 'components-replaced'
  | 'left-cordoned'
  | 'drain-configured'
  | 'kubelet-started'
  | 'takes-pods-of-others'
  | 'loses-worker-role'
  | 'lost-worker-role'
  | 'node-leaves'
  // Members of etcd
  | 'new-etcd-node'
  | 'member-without-vote'
  | 'member-vote-unknown'
  | 'member-wiped'
  | 'member-removed'
  | 'member-leaves'
  | 'loses-etcd-role'
  | 'member-counts'
  | 'etcd-data-open'
  // A recovery without a quorum
  | 'best-etcd-data'
  | 'chosen-etcd-data'
  | 'etcd-changes-its-data'
  | 'other-members-lost'
  | 'other-etcd-data'
  | 'etcd-started-anew'
  | 'may-know-newer-objects'
  | 'recovery-is-finished'
  // The state and Secrets
  | 'state-changes'
  | 'state-copy-missing'
  | 'state-copy-different'
  | 'keys-of-other-nodes'
  | 'secrets-stored-as-before'
  | 'nothing-else-reads-them'
  | 'encryption-off'
  | 'ca-key-elsewhere'
