import { nodesWithRole } from '../../role.ts'
import type { CertificateConfig } from '../encoding/certificate-config.ts'
import type { CertificateProfile } from '../issue/issue.ts'
import { apiServerSans, etcdSans, nodeSans, type SanList } from '../issue/sans.ts'
import { etcdCertificateName, kubeletCertificateName } from './certificate-names.ts'
import { type CLUSTER_CA, INVENTORY, type InventoryRow, type REQUEST_HEADER_CA } from './inventory.ts'

/** A certificate that a configuration asks for. */
export interface WantedCertificate {
  readonly name: string
  readonly row: InventoryRow
  readonly signer: typeof CLUSTER_CA | typeof REQUEST_HEADER_CA
  readonly profile: CertificateProfile
}

/**
 * The certificates below the authorities that a configuration asks for, in the order in which they are made.
 * All nodes of cluster.yml count, reachable or not. Authorities and the external etcd's are not among them.
 */
export function wantedCertificates(config: CertificateConfig): readonly WantedCertificate[] {
  return INVENTORY.flatMap((row) => {
    const { usage, signer } = row
    if (usage === 'ca' || usage === 'supplied' || signer === 'self' || signer === 'outside') return []
    return namesOf(row, config).map(({ name, names }) => ({
      name,
      row,
      signer,
      profile: { commonName: row.commonName ?? name, organization: row.organization, usage, names },
    }))
  })
}

interface NamedSans {
  readonly name: string
  readonly names: SanList | undefined
}

function namesOf(row: InventoryRow, config: CertificateConfig): readonly NamedSans[] {
  switch (row.names) {
    case 'api-server':
      return [{ name: row.name, names: apiServerSans(config) }]
    case 'etcd': {
      const names = etcdSans(config)
      return nodesWithRole(config.nodes, 'etcd').map((node) => ({ name: etcdCertificateName(node), names }))
    }
    case 'node':
      if (!config.services.kubelet.generateServingCertificate) return []
      return firstOfName(
        config.nodes.map((node) => ({ name: kubeletCertificateName(node), names: nodeSans(node) })),
      )
    default:
      return [{ name: row.name, names: undefined }]
  }
}

/** Nodes with one internal address share a certificate; it is the first one's, as in RKE. */
function firstOfName(certificates: readonly NamedSans[]): readonly NamedSans[] {
  return [...Map.groupBy(certificates, ({ name }) => name).values()].flatMap(([first]) => first ?? [])
}
