import type { ClusterConfig } from '../config/cluster-config.ts'
import type { CertificatesBundle } from '../pki/encoding/certificate-entry.ts'

/** One half of the state: a configuration, the certificates and the encryption file that go with it. */
export interface HalfState {
  /** After defaulting. Missing from the current half of a cluster that was never brought up. */
  readonly rkeConfig?: ClusterConfig
  readonly certificatesBundle?: CertificatesBundle
  /** The whole text of the API server's encryption provider file. */
  readonly encryptionConfig?: string
  /**
   * That text is not everywhere yet, or Secrets are still stored as before it. RKE knows nothing of this member, and leaves it
   * out when it writes the state.
   */
  readonly encryptionRewritePending?: boolean
}

/** What `cluster.rkestate` and its copy in the cluster hold. */
export interface ClusterState {
  /** What cluster.yml and the generated material ask for. */
  readonly desiredState: HalfState
  /** What the last run applied, at least as far as the control plane. */
  readonly currentState: HalfState
  /**
   * Lower-case hex SHA-256 of copies of the state, one of which the cluster has: what this state last saw there, or wrote, or was
   * about to write. Another copy is somebody else's. Not in the copies themselves. RKE knows nothing of this member, and leaves it
   * out when it writes the state.
   */
  readonly copiesInCluster?: readonly string[]
}

export const emptyState: ClusterState = { desiredState: {}, currentState: {} }
