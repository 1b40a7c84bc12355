import type { Clock } from '../../observe/observe-clock.ts'
import { parseCertificate } from '../../pki/encoding/certificate.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { newKeys } from '../../pki/encoding/keys.ts'
import { CLUSTER_CA, inventoryRow, REQUEST_HEADER_CA } from '../../pki/inventory/inventory.ts'
import { hasExternalKey } from '../../pki/issue/authorities.ts'
import { ensureBundle } from '../../pki/issue/bundle.ts'
import { expiredLeaves } from '../../pki/issue/expiry.ts'
import { certificatesToRenew } from '../../pki/issue/renewal.ts'
import { readAuthority } from '../../pki/own/own-authority.ts'
import { authoritiesOf } from '../../pki/rotation/next-authorities.ts'
import { shippedBundle } from '../../plan/state/shipped-bundle.ts'
import type { CaRotation, ClusterState } from '../../state/cluster-state.ts'
import { systemClock } from '../../time.ts'
import { givenCertificates } from '../prepare/make-material.ts'
import type { Operation } from '../run/redacted-run.ts'
import { begunNodes } from './begun-nodes.ts'
import type { OfflineTarget } from './certificate-target.ts'
import type { BundleChange } from './change-certificates.ts'
import { refuseEndedOwnCa } from './refuse-ended-own-ca.ts'
import { immediateChange } from './rotation-steps.ts'

/** The certificates that a rotation ends with. */
export interface RotatedBundle extends BundleChange {
  /** Names of those that an earlier run has issued and not brought to all nodes. */
  readonly begun: readonly string[]
  /** Names of authorities that have ended, and are replaced therefore. */
  readonly newAuthorities: readonly string[]
}

/** What is known of machines once they are connected. */
export interface Making {
  /** By which new authorities begin. Default: the clock of this machine. */
  readonly beginning?: Clock
  /** Addresses of those that the run leaves out. Default: none. */
  readonly skipped?: readonly string[]
}

/**
 * The certificates of a cluster with new ones for what is rotated, for the nodes that it has, and those that a run has begun to
 * add. What an earlier rotation has issued is not issued again, however far that came. An authority that has ended is replaced, and
 * with it all that it has signed, which begins a rotation of the CA at once (`CaRotation`); a certificate that has ended is renewed
 * whatever service is named.
 *
 * With certificates of the user's own these are taken, all of them.
 * @param services as `cert rotate --service` names them; none: everything but the authorities
 * @param making for machines that are connected
 * @throws PkiError if an authority cannot sign, or there are no such services; PlanRefusedError if an authority of the user's own has
 * ended, and no other one is given.
 */
export async function rotatedBundle(
  { session, applied, config }: OfflineTarget,
  services: readonly string[],
  { deps, options, emit }: Operation,
  { beginning = deps.clock ?? systemClock, skipped = [] }: Making = {},
): Promise<RotatedBundle> {
  const { state } = session
  const localKubeconfigPath = options.kubeconfigPath ?? './kube_config_cluster.yml'
  const clock = deps.clock ?? systemClock
  if (options.certificates !== undefined) {
    const existing = state.currentState.certificatesBundle
    const request = { config, existing, keys: deps.keys ?? newKeys, clock, localKubeconfigPath }
    const next = givenCertificates(request, state, options.certificates, emit)
    return { next, issued: new Set(), begun: [], newAuthorities: [] }
  }
  const now = clock()
  const begun = begunRenewals(state, now, skipped)
  const { desiredState, currentState } = state
  const taken = begun.map((name) => [name, desiredState.certificatesBundle?.[name]] as const)
  const existing = {
    ...desiredState.certificatesBundle,
    ...currentState.certificatesBundle,
    ...Object.fromEntries(taken.flatMap(([name, entry]) => (entry === undefined ? [] : [[name, entry]]))),
  }
  const wanted = { ...config, nodes: [...config.nodes, ...begunNodes(applied, desiredState.rkeConfig)] }
  const newAuthorities = [CLUSTER_CA, REQUEST_HEADER_CA].filter((name) => hasEnded(existing, name, now))
  const ended = newAuthorities.includes(CLUSTER_CA) ? existing[CLUSTER_CA] : undefined
  if (ended !== undefined && options.authority?.certificates === undefined) {
    refuseEndedOwnCa(ended, hasExternalKey(config))
  }
  const renewed = certificatesToRenew({
    config: wanted,
    services: ended === undefined ? services : [],
    rotateCa: false,
  })
  // Without others for what has ended the cluster would not start again.
  const leaves = [...renewed, ...expiredLeaves(existing, now)].filter((name) => !begun.includes(name))
  const renew = new Set([...newAuthorities, ...leaves])
  const { bundle, changes } = await ensureBundle({
    ...(options.authority && { authority: readAuthority(options.authority, wanted, now) }),
    config: wanted,
    existing,
    keys: deps.keys ?? newKeys,
    clock: beginning,
    renew,
    localKubeconfigPath,
  })
  const issued = changes.filter(({ kind }) => kind === 'issued').map(({ name }) => name)
  const rotated = { next: bundle, issued: new Set(issued), begun, newAuthorities }
  if (ended === undefined) return rotated
  const caRotation = { startedAt: now.toISOString(), next: authoritiesOf(bundle), immediately: true }
  return { ...rotated, atOnce: true, begin: { caRotation } }
}

/** A rotation of the CA at once that was begun, by whatever command, with the certificates that it has. */
export async function begunAtOnce(
  target: OfflineTarget,
  rotation: CaRotation,
  operation: Operation,
): Promise<RotatedBundle> {
  const change = await immediateChange(target, rotation, operation)
  const { certificatesBundle: before = {} } = target.session.state.currentState
  const begun = Object.keys(change.next).filter(
    (name) => !change.issued.has(name) && before[name]?.keyPEM !== change.next[name]?.keyPEM,
  )
  return { ...change, begun, newAuthorities: [] }
}

/**
 * Certificates that a rotation has issued and some node lacks, and that are still valid: it alone makes new keys, or leaves a node
 * out. While all of those that were left out still are, a rotation is a new one.
 */
function begunRenewals(state: ClusterState, now: Date, skipped: readonly string[]): readonly string[] {
  const [before, after] = [shippedBundle(state) ?? {}, state.desiredState.certificatesBundle ?? {}]
  const { nodes = [], certificates = [] } = state.currentState.nodesLeftOut ?? {}
  const lacked = nodes.every((node) => skipped.includes(node)) ? [] : certificates
  return Object.keys(after).filter((name) => {
    const [row, old] = [inventoryRow(name), before[name]]
    if (row === undefined || row.usage === 'supplied' || row.neverRenewed || old === undefined) return false
    const isUnderWay = old.keyPEM !== after[name]?.keyPEM || lacked.includes(name)
    return isUnderWay && !hasEnded(after, name, now)
  })
}

function hasEnded(bundle: CertificatesBundle, name: string, now: Date): boolean {
  const pem = bundle[name]?.certificatePEM
  return Boolean(pem) && parseCertificate(pem ?? '', name).notAfter.getTime() <= now.getTime()
}
