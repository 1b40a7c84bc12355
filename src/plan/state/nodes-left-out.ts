import { mustOverwrite } from '../../pki/distribution/deploy.ts'
import type { CertificateEntry, CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import type { ClusterState, NodesLeftOut } from '../../state/cluster-state.ts'
import { shippedBundle } from './shipped-bundle.ts'

/**
 * The certificates and keys that one node was given last (`shippedBundle`). One that a change has left out has others of those that this
 * was about, and none of them here.
 */
export function shippedTo(address: string, state: ClusterState): CertificatesBundle | undefined {
  const { nodes = [], certificates = [] } = state.currentState.nodesLeftOut ?? {}
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
): NodesLeftOut | undefined {
  const before = shippedBundle(state)
  if (before === undefined) return undefined
  const earlier = state.currentState.nodesLeftOut
  const still = (earlier?.nodes ?? []).filter((address) => skipped.includes(address))
  const isChange = mustOverwrite({ before, after })
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
