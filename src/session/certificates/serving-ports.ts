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

const HTTPS_PORT = 443

/** Addresses to listen on that stand for all of a machine. */
const ANY: readonly string[] = ['', '0.0.0.0', '::']

/** Where something listens, as the node itself reaches it. */
type Listener = Pick<ServingPort, 'host' | 'port'>

/**
 * The ports of a node on which components of the cluster serve TLS, as the flags of cluster.yml have it. etcd listens on the
 * internal address alone where there are two.
 */
export function servingPorts(
  node: CertificateNode,
  { services }: Pick<ClusterConfig, 'services'>,
): readonly ServingPort[] {
  const { etcd, kubeApi, kubeController, kubelet, scheduler } = services
  const isMember = hasRole(node, 'etcd') && (etcd.externalUrls ?? []).length === 0
  const serving = kubelet.generateServingCertificate ? kubeletCertificateName(node) : undefined
  return [
    ...(isMember ? etcdPorts(node, etcd) : []),
    ...(hasRole(node, 'controlplane')
      ? [
          ...listening(kubeApi, API_SERVER_PORT).map((listener) => ({
            component: 'kube-apiserver',
            ...listener,
            ...fileOf(kubeApi, 'tls-cert-file', 'kube-apiserver'),
          })),
          ...listening(kubeController, CONTROLLER_MANAGER_PORT).map((listener) => ({
            component: 'kube-controller-manager',
            ...listener,
          })),
          ...listening(scheduler, SCHEDULER_PORT).map((listener) => ({
            component: 'kube-scheduler',
            ...listener,
          })),
        ]
      : []),
    ...listening(kubelet, KUBELET_PORT, ['address', 'port']).map((listener) => ({
      component: 'kubelet',
      ...listener,
      ...(serving !== undefined && fileOf(kubelet, 'tls-cert-file', serving)),
    })),
  ]
}

function etcdPorts(node: CertificateNode, etcd: FlagOverrides): readonly ServingPort[] {
  const own = node.internalAddress || node.address
  const certificate = etcdCertificateName(node)
  const at = (urlsFlag: string, fileFlag: string, port: number): readonly ServingPort[] => {
    const urls = given(etcd, urlsFlag)
    const listeners = urls === undefined ? [{ host: own, port }] : secureListeners(urls, own)
    const file = fileOf(etcd, fileFlag, certificate)
    return listeners.map((listener) => ({ component: 'etcd', ...listener, ...file }))
  }
  return [
    ...at('listen-client-urls', 'cert-file', CLIENT_PORT),
    ...at('listen-peer-urls', 'peer-cert-file', PEER_PORT),
  ]
}

/** Where a server with these URLs, with commas between, serves TLS: each port once, whatever addresses it has. */
function secureListeners(urls: string, own: string): readonly Listener[] {
  const listeners = urls
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text.startsWith('https://') && URL.canParse(text))
    .map((text) => {
      const { hostname, port } = new URL(text)
      const host = hostname.replace(/^\[|\]$/g, '')
      return { host: ANY.includes(host) ? own : host, port: Number(port) || HTTPS_PORT }
    })
  return [...new Map(listeners.reverse().map((listener) => [listener.port, listener])).values()].reverse()
}

/** Nothing where the port is 0, with which a component serves no TLS. */
function listening(
  service: FlagOverrides,
  usual: number,
  [addressFlag, portFlag]: readonly [string, string] = ['bind-address', 'secure-port'],
): readonly Listener[] {
  const host = given(service, addressFlag)
  const port = Number(given(service, portFlag) || usual)
  return port === 0 ? [] : [{ host: host === undefined || ANY.includes(host) ? LOOPBACK : host, port }]
}

/** The cluster's certificate, unless a flag names another file. */
function fileOf(service: FlagOverrides, flag: string, certificate: string): Pick<ServingPort, 'certificate'> {
  const file = given(service, flag)
  return file === undefined || file === certificatePath(certificate) ? { certificate } : {}
}

/** The value that counts of a flag in cluster.yml: the last. */
const given = ({ extraArgs, extraArgsArray }: FlagOverrides, flag: string): string | undefined =>
  extraArgsArray?.[flag]?.at(-1) ?? extraArgs?.[flag]
