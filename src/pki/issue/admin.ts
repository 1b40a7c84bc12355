import { nodesWithRole } from '../../role.ts'
import { adminKubeconfig, serverUrl } from '../distribution/kubeconfig.ts'
import type { CertificateConfig } from '../encoding/certificate-config.ts'
import type { CertificateEntry, CertificatesBundle } from '../encoding/certificate-entry.ts'
import { kubeconfigPath } from '../inventory/certificate-names.ts'
import { CLUSTER_CA } from '../inventory/inventory.ts'

const ADMIN = 'kube-admin'

/** What the administrator's kubeconfig is made for. */
export interface AdminTarget {
  readonly config: CertificateConfig
  /** Where the kubeconfig lies on the user's machine. */
  readonly localKubeconfigPath: string
}

/**
 * The `kube-admin` entry with its kubeconfig. One that already leads to one of the control plane nodes
 * goes on to, since an earlier run chose that node because it answered; otherwise it leads to the first one.
 */
export function withKubeconfig(
  admin: CertificateEntry,
  caPem: string,
  { config, localKubeconfigPath }: AdminTarget,
): CertificateEntry {
  const nodes = nodesWithRole(config.nodes, 'controlplane')
  const chosen = nodes.find(({ address }) => admin.config.includes(`"${serverUrl(address)}"`)) ?? nodes[0]
  if (chosen === undefined) return { ...admin, config: '', configPath: kubeconfigPath(ADMIN) }
  return {
    ...admin,
    config: kubeconfigFor(admin, caPem, chosen.address, config.clusterName),
    configPath: localKubeconfigPath,
  }
}

/**
 * A bundle whose administrator's kubeconfig leads to the API server at `address`: the text for the local
 * file and for the state, which are always the same. Unchanged if there is no `kube-admin` or no CA.
 */
export function withAdminServer(
  bundle: CertificatesBundle,
  address: string,
  clusterName: string | undefined,
): CertificatesBundle {
  const admin = bundle[ADMIN]
  const ca = bundle[CLUSTER_CA]
  if (admin === undefined || ca === undefined) return bundle
  return {
    ...bundle,
    [ADMIN]: { ...admin, config: kubeconfigFor(admin, ca.certificatePEM, address, clusterName) },
  }
}

function kubeconfigFor(
  admin: CertificateEntry,
  caPem: string,
  address: string,
  clusterName: string | undefined,
): string {
  return adminKubeconfig(address, clusterName || 'local', {
    caPem,
    certificatePem: admin.certificatePEM,
    keyPem: admin.keyPEM,
  })
}
