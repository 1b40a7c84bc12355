import { ConfigError } from '../../errors.ts'
import { nodesWithRole } from '../../role.ts'
import type { CertificateConfig, CertificateNode } from '../encoding/certificate-config.ts'
import { canonicalIp, ipBytes, ipText } from '../encoding/ip.ts'

/** Subject alternative names in the order in which a certificate lists them. */
export interface SanList {
  readonly dnsNames: readonly string[]
  /** Canonical text (RFC 5952). */
  readonly ips: readonly string[]
}

/** Names of the API server's certificate: all control plane nodes, `authentication.sans`, the services. */
export function apiServerSans(config: CertificateConfig): SanList {
  return joinSans([
    ...nodesWithRole(config.nodes, 'controlplane').map(nodeSans),
    ...(config.authentication?.sans ?? []).map(classify),
    clusterSans(config),
  ])
}

/** Names of every etcd certificate: all members, so that each member's certificate fits each address. */
export function etcdSans(config: CertificateConfig): SanList {
  return joinSans([...nodesWithRole(config.nodes, 'etcd').map(nodeSans), clusterSans(config)])
}

/**
 * Names of one node. A `hostname_override` that differs from the address is always a DNS name, even when it
 * is the text of an address: clusters have such certificates, and they are compared by these lists.
 */
export function nodeSans(node: CertificateNode): SanList {
  const { address, internalAddress, hostnameOverride } = node
  return joinSans([
    classify(address),
    internalAddress && internalAddress !== address ? classify(internalAddress) : NO_NAMES,
    hostnameOverride && hostnameOverride !== address ? { dnsNames: [hostnameOverride], ips: [] } : NO_NAMES,
  ])
}

/**
 * The API server's own address in each service range: the network address plus one. Throws a `ConfigError`
 * for a range that is not a CIDR.
 */
export function serviceIps(serviceClusterIpRange: string): readonly string[] {
  return serviceClusterIpRange.split(',').map((cidr) => {
    const [address = '', length = '', ...rest] = cidr.split('/')
    const bytes = ipBytes(address)
    const bits = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN
    if (bytes === undefined || rest.length > 0 || !(bits <= bytes.length * 8)) {
      throw new ConfigError(
        `Failed to get Kubernetes Service IP: services.kube-api.service_cluster_ip_range holds "${cidr}", which is not a CIDR`,
        { hint: 'write a range such as 10.43.0.0/16, or two separated by a comma without a space' },
      )
    }
    return ipText(next(network(bytes, bits)))
  })
}

const NO_NAMES: SanList = { dnsNames: [], ips: [] }

function clusterSans(config: CertificateConfig): SanList {
  const domain = config.services.kubelet.clusterDomain ?? ''
  return {
    ips: ['127.0.0.1', ...serviceIps(config.services.kubeApi.serviceClusterIpRange ?? '')],
    dnsNames: [
      'localhost',
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
      `kubernetes.default.svc.${domain}`,
    ],
  }
}

function classify(name: string): SanList {
  const ip = canonicalIp(name)
  return ip === undefined ? { dnsNames: [name], ips: [] } : { dnsNames: [], ips: [ip] }
}

function joinSans(lists: readonly SanList[]): SanList {
  return {
    dnsNames: lists.flatMap((list) => list.dnsNames),
    ips: lists.flatMap((list) => list.ips),
  }
}

function network(bytes: Uint8Array, bits: number): Uint8Array {
  return bytes.map((byte, i) => byte & (0xff << Math.min(8, Math.max(0, 8 - (bits - i * 8)))))
}

function next(bytes: Uint8Array): Uint8Array {
  const result = Uint8Array.from(bytes)
  for (let i = result.length - 1; i >= 0; i--) {
    const sum = (result[i] ?? 0) + 1
    result[i] = sum & 0xff
    if (sum < 256) break
  }
  return result
}
