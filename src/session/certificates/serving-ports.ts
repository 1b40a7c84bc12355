import type { ClusterConfig } from '../../config/cluster-config.ts'
import {
  API_SERVER_PORT,
  CONTROLLER_MANAGER_PORT,
  KUBELET_PORT,
  SCHEDULER_PORT,
} from '../../config/kubernetes/ports.ts'
import type { FlagOverrides } from '../../desired/flags.ts'
import { CLIENT_PORT, PEER_PORT } from '../../etcd/members/member-names.ts'
import type { ServingPort } from '../../pki/check/found-certificates.ts'
import type { CertificateNode } from '../../pki/encoding/certificate-config.ts'
import {
  certificatePath,
  etcdCertificateName,
  kubeletCertificateName,
} from '../../pki/inventory/certificate-names.ts'
import { hasRole } from '../../role.ts'

const LOOPBACK = '127.0.0.1'

/** Addresses to listen on that stand for all of a machine. */
const ANY: readonly string[] = ['', '0.0.0.0', '::']

/**
 * The ports of a node on which components of the cluster serve TLS, as the flags of cluster.yml have it. etcd listens on the
 * internal address alone where there are two.
 */
export function servingPorts(
  node: CertificateNode,
  { services }: Pick<ClusterConfig, 'services'>,
): readonly ServingPort[] {
  const { etcd, kubeApi, kubeController, kubelet, scheduler } = services
  const isExternal = (etcd.externalUrls ?? []).length > 0
  const member = { component: 'etcd', host: node.internalAddress || node.address }
  const ofMember = etcdCertificateName(node)
  const serving = kubelet.generateServingCertificate ? kubeletCertificateName(node) : undefined
  return [
    ...(hasRole(node, 'etcd') && !isExternal
      ? [
          { ...member, port: CLIENT_PORT, ...fileOf(etcd, 'cert-file', ofMember) },
          { ...member, port: PEER_PORT, ...fileOf(etcd, 'peer-cert-file', ofMember) },
        ]
      : []),
    ...(hasRole(node, 'controlplane')
      ? [
          {
            component: 'kube-apiserver',
            ...listening(kubeApi, API_SERVER_PORT),
            ...fileOf(kubeApi, 'tls-cert-file', 'kube-apiserver'),
          },
          { component: 'kube-controller-manager', ...listening(kubeController, CONTROLLER_MANAGER_PORT) },
          { component: 'kube-scheduler', ...listening(scheduler, SCHEDULER_PORT) },
        ]
      : []),
    {
      component: 'kubelet',
      ...listening(kubelet, KUBELET_PORT, ['address', 'port']),
      ...(serving !== undefined && fileOf(kubelet, 'tls-cert-file', serving)),
    },
  ]
}

function listening(
  service: FlagOverrides,
  usual: number,
  [address, port]: readonly [string, string] = ['bind-address', 'secure-port'],
): Pick<ServingPort, 'host' | 'port'> {
  const host = given(service, address)
  return {
    host: host === undefined || ANY.includes(host) ? LOOPBACK : host,
    port: Number(given(service, port)) || usual,
  }
}

/** The cluster's certificate, unless a flag names another file. */
function fileOf(service: FlagOverrides, flag: string, certificate: string): Pick<ServingPort, 'certificate'> {
  const file = given(service, flag)
  return file === undefined || file === certificatePath(certificate) ? { certificate } : {}
}

/** The value that counts of a flag in cluster.yml: the last. */
const given = ({ extraArgs, extraArgsArray }: FlagOverrides, flag: string): string | undefined =>
  extraArgsArray?.[flag]?.at(-1) ?? extraArgs?.[flag]
