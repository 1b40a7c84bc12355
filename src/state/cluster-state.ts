import type { ClusterConfig } from '../config/cluster-config.ts'
import type { CertificatesBundle } from '../pki/encoding/certificate-entry.ts'
import type { NextAuthorities } from '../pki/rotation/next-authorities.ts'
import type { VouchingFailure } from '../pki/rotation/vouching.ts'

/** One half of the state: a configuration with its certificates and encryption configuration. */
export interface HalfState {
  /** After defaults. Missing from the current half of a cluster that was never built. */
  readonly rkeConfig?: ClusterConfig
  readonly certificatesBundle?: CertificatesBundle
  /** The text of the API server's encryption provider file. */
  readonly encryptionConfig?: string
  /**
   * The encryption configuration is not on all nodes yet, or Secrets are still stored with the previous one. RKE does
   * not know this member and drops it when it writes the state.
   */
  readonly encryptionRewritePending?: boolean
  /**
   * Nodes that a change of certificates has left out. RKE does not know this member and drops it when it writes the state.
   */
  readonly nodesLeftOut?: NodesLeftOut
}

/** Nodes that could not be reached when all others were given other certificates; neither list is empty. */
export interface NodesLeftOut {
  /** Addresses. */
  readonly nodes: readonly string[]
  /** Names of the certificates of which they have earlier ones. */
  readonly certificates: readonly string[]
}

/** The content of `cluster.rkestate` and of its copy in the cluster. */
export interface ClusterState {
  /** What cluster.yml and the generated certificates ask for. */
  readonly desiredState: HalfState
  /** What the last run applied, at least to the control plane. */
  readonly currentState: HalfState
  /**
   * Lower-case hex SHA-256 of copies of the state, one of which the cluster has: the copy last seen there, written,
   * or about to be written. Any other copy was written by another state file. Not part of the copies themselves. RKE
   * does not know this member and drops it when it writes the state.
   */
  readonly copiesInCluster?: readonly string[]
  /**
   * A snapshot is being restored, and that is not done. Not part of the copies in the cluster. RKE does not know this member
   * and drops it when it writes the state.
   */
  readonly restoring?: Restoring
  /**
   * Addresses of machines that a restore has left out, and that may still have all of the cluster from before it; not empty.
   * They are cleaned before they join. Not part of the copies in the cluster. RKE does not know this member and drops it when it
   * writes the state.
   */
  readonly notRestored?: readonly string[]
  /**
   * etcd is being recovered without its quorum, and that is not done. Not part of the copies in the cluster. RKE does not know
   * this member and drops it when it writes the state.
   */
  readonly recovering?: Recovering
  /**
   * The cluster is on its way from one CA to another. Not part of the copies in the cluster. RKE does not know this member and
   * drops it when it writes the state.
   */
  readonly caRotation?: CaRotation
}

/** A rotation of the authorities that was begun. How far it is follows from the certificates (`stageOf`). */
export interface CaRotation {
  /** When it was begun; RFC 3339. What is restarted for it in Kubernetes is marked with it. */
  readonly startedAt: string
  /** With keys that are nowhere else while nothing is signed with them. */
  readonly next: NextAuthorities
  /** Why those who trust only the old CA do not believe what the next one issues; absent: they do, until the old one goes. */
  readonly notVouchedFor?: VouchingFailure
  /** Everything is changed at once, not in stages: one that was begun so goes on so. Default: false. */
  readonly immediately?: boolean
}

/** A recovery without a quorum that was begun: there may be members of etcd before it and after it. */
export interface Recovering {
  /** Address of the node whose data the cluster goes on with. */
  readonly node: string
  /** When it was begun first; RFC 3339. */
  readonly startedAt: string
}

/** Which restore. */
export interface BegunRestore {
  /** Name of the snapshot. */
  readonly snapshot: string
  /** When it was begun first; RFC 3339. Data that is set aside is marked with it. */
  readonly startedAt: string
  /**
   * Addresses of machines with data of etcd of the cluster before: once they are cleaned, nothing else shows that of a machine
   * whose member was to leave and has not left.
   */
  readonly formerMembers?: readonly string[]
  /** Addresses of machines whose members etcd had when it began, as a healthy one said; absent if none was. */
  readonly members?: readonly string[]
}

/** A restore that was begun. */
export interface Restoring extends BegunRestore {
  /** Under which name the state from before it is kept (`StateStore.keep`); absent if there was none. */
  readonly previous?: string
  /** The restored cluster works: nothing leads back from here, and what was set aside may be deleted. */
  readonly finished?: boolean
}

export const emptyState: ClusterState = { desiredState: {}, currentState: {} }
