import type { ClusterConfig } from '../../config/cluster-config.ts'
import { mustOverwrite } from '../../pki/distribution/deploy.ts'
import type { CertificateEntry, CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { inventoryRow } from '../../pki/inventory/inventory.ts'
import { certificatesToRenew, ROTATABLE_SERVICES } from '../../pki/issue/renewal.ts'
import type { ClusterState, LeftOut } from '../../state/cluster-state.ts'

type Request = NonNullable<ClusterConfig['rotateCertificates']>

/** Whether two requests for a rotation of certificates ask for the same. */
export function sameRequest(a: Request | undefined | null, b: Request | undefined | null): boolean {
  if (a == null || b == null) return a == null && b == null
  const services = ({ services }: Request): string => [...(services ?? [])].sort().join()
  return (a.caCertificates ?? false) === (b.caCertificates ?? false) && services(a) === services(b)
}

/** The same for one node, which a change of certificates may have left out: it has none of those that this was about. */
export function shippedTo(address: string, state: ClusterState): CertificatesBundle | undefined {
  const { nodes = [], certificates = [] } = state.currentState.leftOut ?? {}
  const shipped = shippedBundle(state)
  if (shipped === undefined || !nodes.includes(address)) return shipped
  return Object.fromEntries(Object.entries(shipped).filter(([name]) => !certificates.includes(name)))
}

/**
 * Nodes that a run leaves out, and the certificates that they lack once it is done; undefined if there are none.
 * @param skipped addresses of nodes that have no turn in the run
 * @param after the certificates that all others have then
 */
export function leftOutAfter(
  state: ClusterState,
  skipped: readonly string[],
  after: CertificatesBundle,
): LeftOut | undefined {
  const before = shippedBundle(state)
  if (before === undefined) return undefined
  const earlier = state.currentState.leftOut
  const [still, isChange] = [
    (earlier?.nodes ?? []).filter((address) => skipped.includes(address)),
    mustOverwrite({ before, after }),
  ]
  const nodes = isChange ? skipped.filter((address) => isKnown(state, address)) : still
  if (nodes.length === 0) return undefined
  const changed = isChange ? Object.keys(after).filter((name) => !sameEntry(before[name], after[name])) : []
  const lacked = still.length > 0 ? (earlier?.certificates ?? []) : []
  return { nodes, certificates: [...new Set([...lacked, ...changed])] }
}

/** Whether a node may have certificates from a run before this one. */
const isKnown = ({ desiredState, currentState }: ClusterState, address: string): boolean =>
  [desiredState, currentState].some(({ rkeConfig }) =>
    rkeConfig?.nodes.some((node) => node.address === address),
  )

const sameEntry = (a: CertificateEntry | undefined, b: CertificateEntry | undefined): boolean =>
  a?.certificatePEM === b?.certificatePEM && a?.keyPEM === b?.keyPEM

/**
 * The certificates and keys that the nodes were given last, all but those that were left out, as far as the state knows; `undefined` for a new cluster. RKE writes
 * those of a rotation into both halves before any node has them, and records what was asked for in the current half once all
 * nodes do: of those that a killed rotation has issued, what is on the nodes is not known, and is "" here.
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
