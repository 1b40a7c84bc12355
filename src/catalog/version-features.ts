import { isAtLeast } from './version-order.ts'
import { inRange } from './version-range.ts'

/**
 * What RKE does from a Kubernetes version on, or Kubernetes itself. RKE compares with these very texts: `-rancher0` comes before every build of a
 * release.
 */
const SINCE = {
  /** The API server can encrypt Secrets in etcd. */
  encryption: '1.13.0-rancher0',
  /** `dns.provider` is coredns where the cluster file names none; kube-dns before. */
  coredns: '1.14.0',
  /** RKE's DaemonSet of flannel selects its pods by one label; by two before, as a server of then filled in. */
  flannelSelector: '1.16.0-rancher0',
  /** Every namespace has the ConfigMap `kube-root-ca.crt`. */
  publishedCa: '1.20.0-rancher0',
  /** `enable_cri_dockerd` is taken. */
  criDockerd: '1.21.0-rancher0',
  /** Manifests of calico have both ranges of a cluster with IPv4 and IPv6, each in a place of its own. */
  calicoDualStack: '1.21.0-rancher0',
  /** The ingress controller has host ports, a webhook and no default backend; it is in the host's network before. */
  ingressHostPort: '1.21.0-rancher0',
  /** Binds are not labelled for SELinux (`z`); containers have a type instead, which a package brings to the node. */
  selinuxType: '1.22.0-rancher0',
  /** Controller manager and scheduler ask the API server who their clients are. */
  delegatedAuthentication: '1.22.0-rancher0',
  podSecurity: '1.23.0-rancher0',
  /** cri-dockerd runs unless it is switched off; the kubelet reaches Docker by itself before. */
  criDockerdByDefault: '1.24.0-rancher0',
  /** Pod Security is configured as `v1`, and there are no pod security policies any more; as `v1beta1` before. */
  podSecurityV1: '1.25.0-rancher0',
  /** The kubelet knows no other runtime than a remote one, and no flag that says so. */
  onlyRemoteRuntime: '1.27.0-rancher0',
  /** API servers take no kms plugin that speaks the first version of its protocol, unless a feature gate says so. */
  onlyKmsV2: '1.29.0-rancher0',
} as const

export type VersionFeature = keyof typeof SINCE

/** Whether a Kubernetes version, as in cluster.yml, has what came with some version. */
export const has = (version: string, feature: VersionFeature): boolean => isAtLeast(version, SINCE[feature])

/** The audit log is on where the cluster file says nothing. */
export const auditsByDefault = (version: string): boolean =>
  inRange(version, '>=1.15.11-rancher0 <=1.15.99 || >=1.16.8-rancher0 <=1.16.99 || >=1.17.4-rancher0')
