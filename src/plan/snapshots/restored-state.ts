import type { ClusterState } from '../../state/cluster-state.ts'

/**
 * The state with which a snapshot is restored, of that which the cluster had then: its certificates, and the encryption with
 * which Secrets are stored in it. Nothing is applied, so that the cluster is built as a new one, as in RKE 1.6.3.
 */
export function restoredState({ desiredState, currentState }: ClusterState): ClusterState {
  const certificatesBundle = desiredState.certificatesBundle ?? currentState.certificatesBundle
  const applied = currentState.rkeConfig !== undefined
  const encryptionConfig = applied ? currentState.encryptionConfig : desiredState.encryptionConfig
  return {
    desiredState: {
      ...(certificatesBundle !== undefined && { certificatesBundle }),
      ...(encryptionConfig !== undefined && { encryptionConfig }),
    },
    currentState: {},
  }
}

/** Kubernetes version of the cluster that had this state. */
export function versionIn({ currentState, desiredState }: ClusterState): string | undefined {
  return (currentState.rkeConfig ?? desiredState.rkeConfig)?.kubernetesVersion
}
