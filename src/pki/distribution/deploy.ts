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
export function restartsFor(node: CertificateNode, step: BundleStep): readonly CertificateRestart[] {
  return usersOf(node, step, (row) => row?.rereadWhileRunning === undefined)
}

/** The containers of one node that use a certificate or key that changed, those that notice it as they run among them. */
export function certificatesInUse(node: CertificateNode, step: BundleStep): readonly CertificateRestart[] {
  return usersOf(node, step, () => true)
}

function usersOf(
  node: CertificateNode,
  { before, after }: BundleStep,
  counts: (row: InventoryRow | undefined) => boolean,
): readonly CertificateRestart[] {
  if (before === undefined) return []
  const changed = Object.keys(after).filter(
    (name) =>
      counts(inventoryRow(name)) && concerns(name, node) && isChanged(before[name], after[name], name),
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

/** The containers of one node that read a certificate only when they start. */
export function readersOnNode(name: string, node: CertificateNode): readonly string[] {
  if (inventoryRow(name)?.rereadWhileRunning || !concerns(name, node)) return []
  const readers = usesOn(node, [name], (container, row) => row?.usedBy.includes(container) === true)
  return readers.map(({ container }) => container)
}

/** Whether a node uses a certificate: one of its roles does, and it is no other node's own. */
export function isOnNode(name: string, node: CertificateNode): boolean {
  const row = inventoryRow(name)
  if (row === undefined || row.shippedTo === 'none') return false
  return (row.shippedTo === 'every' || hasRole(node, row.shippedTo)) && concerns(name, node)
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
  if (before?.certificatePEM !== after?.certificatePEM) return true
  return inventoryRow(name)?.keyUnused === undefined && before?.keyPEM !== after?.keyPEM
}
