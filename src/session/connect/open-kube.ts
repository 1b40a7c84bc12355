import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { KubeApi } from '../../kube/client/kube-api.ts'
import type { Node } from '../../node/node.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { nodesWithRole } from '../../role.ts'
import type { Time } from '../../time.ts'
import { adminCredentials, apiEndpoint } from './api-endpoint.ts'

/** Opens the Kubernetes API through the control plane nodes, as the cluster's administrator. */
export async function openKube(
  config: ClusterConfig,
  nodes: ReadonlyMap<string, Node>,
  bundle: CertificatesBundle,
  signal: AbortSignal,
  time?: Time,
): Promise<KubeApi> {
  const { connectFirst } = await import('../../kube/client/connect.ts')
  const endpoints = nodesWithRole(config.nodes, 'controlplane')
    .flatMap((node) => nodes.get(node.address) ?? [])
    .map((node) => apiEndpoint(node, time))
  return connectFirst(endpoints, adminCredentials(bundle), signal)
}
