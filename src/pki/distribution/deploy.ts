import { planeOf, SERVICE_CONTAINERS } from '../../container-names.ts'
import { hasRole } from '../../role.ts'
import type { CertificateNode } from '../encoding/certificate-config.ts'
import type { CertificateEntry, CertificatesBundle } from '../encoding/certificate-entry.ts'
import { etcdCertificateName, kubeletCertificateName } from '../inventory/certificate-names.ts'
import { type InventoryRow, inventoryRow } from '../inventory/inventory.ts'

/** The bundle that the cluster runs with, and the one it should run with. */
export interface BundleStep {
  /** Undefined for a cluster that does not exist yet. */
  readonly before?: CertificatesBundle | undefined
  readonly after: CertificatesBundle
}

/**
 * Whether certificate files that are already on nodes must be overwritten: for another certificate of the API server, another
 * authority, other names of a kubelet, and where anything was renewed, which alone makes new keys. If not, a change of etcd certificates alone reaches only nodes
 * that have no such file yet.
 */
export function mustOverwrite({ before, after }: BundleStep): boolean {
  if (before === undefined) return false
  return Object.keys(after).some((name) => {
    const [old, row] = [before[name], inventoryRow(name)]
    const isOther = old?.certificatePEM !== after[name]?.certificatePEM
    if (name === 'kube-apiserver' || row?.usage === 'ca') return isOther
    if (row?.names === 'node') return old !== undefined && isOther
    const isOurs = row !== undefined && row.shippedTo !== 'none' && row.usage !== 'supplied'
    return isOurs && old !== undefined && old.keyPEM !== after[name]?.keyPEM
  })
}

/** A container that must take other certificates or keys, and the names of these. */
export interface CertificateRestart {
  readonly container: string
  readonly certificates: readonly string[]
}

/**
 * The containers of one node that must be restarted after a forced deployment, each with the certificates that changed, in the
 * order in which they depend on each other. Nothing for a cluster that did not exist before.
 */
export function restartsFor(
  node: CertificateNode,
  { before, after }: BundleStep,
): readonly CertificateRestart[] {
  if (before === undefined) return []
  const changed = Object.keys(after).filter(
    (name) => concerns(name, node) && isChanged(before[name], after[name], name),
  )
  return usesOn(node, changed, (container, row) => row?.usedBy.includes(container) === true)
}

/**
 * The containers of one node that are clients with a certificate that changed, and lose a request when they take it up:
 * after a forced deployment they must open a connection. Nothing for a cluster that did not exist before.
 */
export function reconnectsFor(
  node: CertificateNode,
  { before, after }: BundleStep,
): readonly CertificateRestart[] {
  if (before === undefined) return []
  const changed = Object.keys(after).filter(
    (name) => before[name]?.certificatePEM !== after[name]?.certificatePEM,
  )
  return usesOn(node, changed, (container, row) => row?.client === container)
}

/** The containers on a node that use one of these certificates in that way. */
function usesOn(
  node: CertificateNode,
  changed: readonly string[],
  uses: (container: string, row: InventoryRow | undefined) => boolean,
): readonly CertificateRestart[] {
  return SERVICE_CONTAINERS.flatMap((container) => {
    const plane = planeOf(container)
    if (plane !== undefined && plane !== 'worker' && !hasRole(node, plane)) return []
    const certificates = changed.filter((name) => uses(container, inventoryRow(name)))
    return certificates.length === 0 ? [] : [{ container, certificates }]
  })
}

/** Of those that each node has for itself only its own. */
function concerns(name: string, node: CertificateNode): boolean {
  const perNode = inventoryRow(name)?.perNode
  if (perNode === undefined) return true
  return name === (perNode === 'etcd' ? etcdCertificateName(node) : kubeletCertificateName(node))
}

function isChanged(
  before: CertificateEntry | undefined,
  after: CertificateEntry | undefined,
  name: string,
): boolean {
  const row: InventoryRow | undefined = inventoryRow(name)
  if (row?.rereadWhileRunning) return false
  if (before?.certificatePEM !== after?.certificatePEM) return true
  return row?.keyUnused === undefined && before?.keyPEM !== after?.keyPEM
}
