import { API_SERVER_PORT } from '../../config/kubernetes/ports.ts'
import type { KubeCredentials, KubeEndpoint } from '../../kube/client/endpoint-pool.ts'
import { type ReachKubelet, reachKubelet } from '../../kube/client/reach-kubelet.ts'
import type { Node } from '../../node/node.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { Secret } from '../../secret.ts'
import type { Time } from '../../time.ts'

/** The API server of a control plane node, as it is reached through that node. */
export function apiEndpoint(node: Node, time?: Time): KubeEndpoint {
  return { dialer: node, node: node.address, host: '127.0.0.1', port: API_SERVER_PORT, time }
}

/** The cluster's administrator. */
export function adminCredentials(bundle: CertificatesBundle): KubeCredentials {
  const admin = bundle['kube-admin']
  return {
    ca: bundle['kube-ca']?.certificatePEM ?? '',
    cert: admin?.certificatePEM ?? '',
    key: new Secret(admin?.keyPEM ?? ''),
  }
}

/** Has API servers reach kubelets, each asked through its own node. */
export function kubeletsThrough(
  nodeAt: (address: string) => Node,
  bundle: CertificatesBundle,
  time?: Time,
): ReachKubelet {
  return (server, kubelet, signal) =>
    reachKubelet(apiEndpoint(nodeAt(server), time), adminCredentials(bundle), kubelet, signal)
}
