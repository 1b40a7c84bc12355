import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { inventoryRow } from '../../pki/inventory/inventory.ts'
import { certificatesToRenew, ROTATABLE_SERVICES } from '../../pki/issue/renewal.ts'
import type { ClusterState } from '../../state/cluster-state.ts'

type Request = NonNullable<ClusterConfig['rotateCertificates']>

/** Whether two requests for a rotation of certificates ask for the same. */
export function sameRequest(a: Request | undefined | null, b: Request | undefined | null): boolean {
  if (a == null || b == null) return a == null && b == null
  const services = ({ services }: Request): string => [...(services ?? [])].sort().join()
  return (a.caCertificates ?? false) === (b.caCertificates ?? false) && services(a) === services(b)
}

/**
 * The certificates and keys that the nodes were given last, as far as the state knows; `undefined` for a new cluster. Nodes that
 * were left out have others (`shippedTo`). RKE writes those of a rotation into both halves before any node has them, and records what
 * was asked for in the current half once all nodes do: of those that a killed rotation has issued, what is on the nodes is not known, and
 * is "" here.
 */
export function shippedBundle({ desiredState, currentState }: ClusterState): CertificatesBundle | undefined {
  const { certificatesBundle, rkeConfig } = currentState
  const asked = desiredState.rkeConfig?.rotateCertificates
  if (certificatesBundle === undefined || rkeConfig === undefined || asked == null) return certificatesBundle
  if (sameRequest(asked, rkeConfig.rotateCertificates)) return certificatesBundle
  return withoutGiven(certificatesBundle, requestedNames(asked, rkeConfig))
}

/** Names of the certificates that RKE issues anew for a request. */
export function requestedNames(asked: Request, config: ClusterConfig): ReadonlySet<string> {
  const { services = [], caCertificates: rotateCa = false } = asked
  // RKE rotates nothing for a service that it does not know.
  const known = services.filter((service) => service === '' || ROTATABLE_SERVICES.includes(service))
  if (services.length > 0 && known.length === 0 && !rotateCa) return new Set()
  return certificatesToRenew({ config, services: known, rotateCa })
}

/** The same certificates, of which some are not known to have been given to the nodes. */
export function withoutGiven(bundle: CertificatesBundle, names: ReadonlySet<string>): CertificatesBundle {
  return Object.fromEntries(
    Object.entries(bundle).map(([name, entry]) => {
      const unknown = inventoryRow(name)?.usage === 'ca' ? { certificatePEM: '', keyPEM: '' } : { keyPEM: '' }
      return [name, names.has(name) ? { ...entry, ...unknown } : entry]
    }),
  )
}
