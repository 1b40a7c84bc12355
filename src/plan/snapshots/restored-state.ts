import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { stageOf } from '../../pki/rotation/rotation-stages.ts'
import type { CaRotation, ClusterState } from '../../state/cluster-state.ts'

/**
 * The state with which a snapshot is restored, of that which the cluster had then: its certificates, and the encryption with
 * which Secrets are stored in it. Nothing is applied, so that the cluster is built as a new one, as in RKE 1.6.3. A rotation of the CA
 * goes on in stages where its certificates are, however it went on later; if they are from before it or after it, it is not begun, or done.
 * @param local the state from before the restore: copies in the cluster, which recurring snapshots hold, do not say of a rotation
 */
export function restoredState(
  { desiredState, currentState, caRotation }: ClusterState,
  local?: ClusterState,
): ClusterState {
  const certificatesBundle = desiredState.certificatesBundle ?? currentState.certificatesBundle
  const applied = currentState.rkeConfig !== undefined
  const encryptionConfig = applied ? currentState.encryptionConfig : desiredState.encryptionConfig
  return {
    desiredState: {
      ...(certificatesBundle !== undefined && { certificatesBundle }),
      ...(encryptionConfig !== undefined && { encryptionConfig }),
    },
    currentState: {},
    ...rotationOf(certificatesBundle, [caRotation, local?.caRotation]),
  }
}

/** The one of these that certificates are of. */
function rotationOf(
  bundle: CertificatesBundle = {},
  known: readonly (CaRotation | undefined)[],
): Pick<ClusterState, 'caRotation'> {
  const caRotation = known.find((one) => {
    const stage = one && stageOf(bundle, one.next)
    return stage === 'trust' || stage === 'issue'
  })
  if (caRotation === undefined) return {}
  const { immediately: _later, ...inStages } = caRotation
  return { caRotation: inStages }
}

/** Kubernetes version of the cluster that had this state. */
export function versionIn({ currentState, desiredState }: ClusterState): string | undefined {
  return (currentState.rkeConfig ?? desiredState.rkeConfig)?.kubernetesVersion
}
