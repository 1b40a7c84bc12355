import {
  API_SERVER_PORT,
  CONTROLLER_MANAGER_PORT,
  KUBELET_PORT,
  SCHEDULER_PORT,
} from '../../config/kubernetes/ports.ts'
import { CLIENT_PORT, PEER_PORT } from '../../etcd/members/member-names.ts'
import type { ServingPort } from '../../pki/check/found-certificates.ts'
import type { CertificateConfig, CertificateNode } from '../../pki/encoding/certificate-config.ts'
import { etcdCertificateName, kubeletCertificateName } from '../../pki/inventory/certificate-names.ts'
import { hasRole } from '../../role.ts'

const LOOPBACK = '127.0.0.1'

/** The ports of a node on which components of the cluster serve TLS. etcd listens on the internal address alone where there are two. */
export function servingPorts(
  node: CertificateNode,
  { services }: Pick<CertificateConfig, 'services'>,
): readonly ServingPort[] {
  const isExternal = (services.etcd.externalUrls ?? []).length > 0
  const member = { host: node.internalAddress || node.address, certificate: etcdCertificateName(node) }
  const serving = services.kubelet.generateServingCertificate
    ? { certificate: kubeletCertificateName(node) }
    : {}
  return [
    ...(hasRole(node, 'etcd') && !isExternal
      ? [
          { component: 'etcd', ...member, port: CLIENT_PORT },
          { component: 'etcd', ...member, port: PEER_PORT },
        ]
      : []),
    ...(hasRole(node, 'controlplane')
      ? [
          {
            component: 'kube-apiserver',
            host: LOOPBACK,
            port: API_SERVER_PORT,
            certificate: 'kube-apiserver',
          },
          { component: 'kube-controller-manager', host: LOOPBACK, port: CONTROLLER_MANAGER_PORT },
          { component: 'kube-scheduler', host: LOOPBACK, port: SCHEDULER_PORT },
        ]
      : []),
    { component: 'kubelet', host: LOOPBACK, port: KUBELET_PORT, ...serving },
  ]
}
