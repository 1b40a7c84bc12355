import { type KeySource, newKeys } from '../../src/pki/encoding/keys.ts'
import { ensureBundle } from '../../src/pki/issue/bundle.ts'
import { certificatesToRenew } from '../../src/pki/issue/renewal.ts'
import type { ClusterState } from '../../src/state/cluster-state.ts'

/** What RKE was asked for. */
export interface RkeRotation {
  /** As `cert rotate --service` names them; none, and no `rotateCa`: nothing. */
  readonly services: readonly string[]
  readonly rotateCa?: boolean
  /** What the request says where that is something else. */
  readonly asked?: readonly string[]
  readonly keys?: KeySource
}

/**
 * A state as RKE leaves it that is killed in a rotation before any node has the certificates: new ones in both halves, the request in
 * the desired one, and nothing that RKE does not know.
 */
export async function rotatedByRke(
  { desiredState, currentState }: ClusterState,
  { services, rotateCa = false, asked = services, keys = newKeys }: RkeRotation,
): Promise<ClusterState> {
  const { rkeConfig: config, certificatesBundle: existing } = currentState
  if (config === undefined) throw new TypeError('the cluster was not built')
  const isNothing = services.length === 0 && !rotateCa
  const { bundle: certificatesBundle } = await ensureBundle({
    config,
    existing,
    keys,
    clock: () => new Date(),
    renew: isNothing ? new Set() : certificatesToRenew({ config, services, rotateCa }),
    localKubeconfigPath: './kube_config_cluster.yml',
  })
  const rkeConfig = { ...config, rotateCertificates: { caCertificates: rotateCa, services: [...asked] } }
  return {
    desiredState: { ...desiredState, rkeConfig, certificatesBundle },
    currentState: { ...currentState, certificatesBundle },
  }
}

/** The same once all nodes have the files: RKE records the request as done, and restarts what reads them after that. */
export function recordedByRke({ desiredState, currentState }: ClusterState): ClusterState {
  const { rkeConfig } = desiredState
  if (rkeConfig === undefined) throw new TypeError('nothing was rotated')
  return { desiredState, currentState: { ...currentState, rkeConfig } }
}
