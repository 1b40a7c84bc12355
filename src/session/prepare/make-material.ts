import { randomBytes } from 'node:crypto'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { Material } from '../../desired/desired-cluster.ts'
import { wantedEncryption } from '../../desired/encryption/choose.ts'
import { type EncryptionKey, newEncryptionKey } from '../../desired/encryption/managed-texts.ts'
import type { Emit } from '../../engine/events.ts'
import { PlanRefusedError } from '../../errors.ts'
import { customBundle } from '../../pki/custom/custom.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { newKeys } from '../../pki/encoding/keys.ts'
import { CLUSTER_CA, inventoryRow } from '../../pki/inventory/inventory.ts'
import { hasExternalKey } from '../../pki/issue/authorities.ts'
import { type BundleRequest, ensureBundle } from '../../pki/issue/bundle.ts'
import { expiredLeaves, leavesEndingWithin, outlivingTexts } from '../../pki/issue/expiry.ts'
import { keptKeyWarning } from '../../pki/own/kept-key.ts'
import { readAuthority } from '../../pki/own/own-authority.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { systemClock } from '../../time.ts'
import type { Deps, RunOptions } from '../deps.ts'

/** How certificates are chosen besides. */
export interface MaterialOptions {
  /** Those that have expired are issued anew by the authority that there is. */
  readonly renewsExpired?: boolean
  /** The encryption of Secrets is that of the desired state, whatever the configuration says: a change of it may not be over. */
  readonly keepsEncryption?: boolean
}

/**
 * The certificates and keys of a cluster: the user's own, if given, else those of the state plus new ones for what is
 * missing. Nothing is saved yet.
 * @throws PkiError if certificates are wrong, PlanRefusedError if they would disconnect a running cluster.
 */
export async function makeMaterial(
  config: ClusterConfig,
  state: ClusterState,
  deps: Deps,
  options: RunOptions & MaterialOptions,
  emit: Emit,
): Promise<Material> {
  const clock = deps.clock ?? systemClock
  const existing = state.desiredState.certificatesBundle
  const renew = leavesToRenew(config, existing ?? {}, clock(), options)
  const request: BundleRequest = {
    renew,
    config,
    existing,
    ...(options.authority && { authority: readAuthority(options.authority, config, clock()) }),
    keys: deps.keys ?? newKeys,
    clock,
    localKubeconfigPath: options.kubeconfigPath ?? './kube_config_cluster.yml',
  }
  const certificates =
    options.certificates === undefined
      ? await generated(request, emit)
      : {
          bundle: givenCertificates(request, state, options.certificates, emit),
          generated: new Set<string>(),
        }
  let encryptionGenerated = false
  const newKey = (): EncryptionKey => {
    encryptionGenerated = true
    return newEncryptionKey(randomBytes)
  }
  const encryptionConfig = options.keepsEncryption
    ? state.desiredState.encryptionConfig
    : wantedEncryption({
        config,
        applied: state.currentState.rkeConfig,
        current: state.currentState.encryptionConfig,
        pending: state.currentState.encryptionRewritePending,
        desired: state.desiredState.encryptionConfig,
        newKey,
      })
  return { ...certificates, encryptionConfig, encryptionGenerated }
}

/** Certificates that have come as close to their end as `certificates.renew_before_days` says, or have ended. */
function leavesToRenew(
  config: ClusterConfig,
  existing: CertificatesBundle,
  now: Date,
  { renewsExpired = false, authority }: MaterialOptions & Pick<RunOptions, 'authority'>,
): ReadonlySet<string> {
  // Nobody is asked for an external key before it has to be.
  const isKeyMissing = hasExternalKey(config) && !authority?.key && !existing[CLUSTER_CA]?.keyPEM
  const days = isKeyMissing ? 0 : (config.certificates?.renewBeforeDays ?? 0)
  if (days > 0) return leavesEndingWithin(existing, now, days)
  return renewsExpired ? expiredLeaves(existing, now) : new Set()
}

async function generated(
  request: BundleRequest,
  emit: Emit,
): Promise<Pick<Material, 'bundle' | 'generated' | 'renewed'>> {
  const { bundle, changes } = await ensureBundle(request)
  if (hasExternalKey(request.config) && bundle[CLUSTER_CA]?.keyPEM) {
    emit({
      type: 'notice',
      level: 'warning',
      area: 'certificates',
      text: 'the key of the CA is still in the state and on control plane nodes: with a copy of it, "rke up --ca-key FILE" takes it off both',
    })
  }
  const ca = bundle[CLUSTER_CA]
  const keyWarning = request.authority && ca && keptKeyWarning(ca)
  if (keyWarning !== undefined) {
    emit({ type: 'notice', level: 'warning', area: 'certificates', text: keyWarning })
  }
  const issued = changes.filter(({ kind }) => kind === 'issued').map(({ name }) => name)
  warnOfShortAuthority(bundle, new Set(issued), emit)
  const { existing = {}, renew = new Set<string>() } = request
  const renewed = issued.filter((name) => renew.has(name) && existing[name] !== undefined)
  return { bundle, generated: new Set(issued), renewed: new Set(renewed) }
}

/** Only of what is issued in this run: of the others nothing can be changed any more. */
function warnOfShortAuthority(bundle: CertificatesBundle, issued: ReadonlySet<string>, emit: Emit): void {
  const concerned = Object.entries(bundle).filter(
    ([name]) => issued.has(name) || inventoryRow(name)?.usage === 'ca',
  )
  for (const { message } of outlivingTexts(Object.fromEntries(concerned))) {
    emit({ type: 'notice', level: 'warning', area: 'certificates', text: message })
  }
}

/**
 * The user's own certificates as a bundle.
 * @throws PkiError if they are wrong, PlanRefusedError if they would disconnect a running cluster.
 */
export function givenCertificates(
  { config, existing, clock, localKubeconfigPath }: BundleRequest,
  state: ClusterState,
  files: ReadonlyMap<string, string>,
  emit: Emit,
): CertificatesBundle {
  const request = { files, config, existing, now: clock(), localKubeconfigPath }
  const { bundle, warnings } = customBundle(request)
  for (const text of warnings) emit({ type: 'notice', level: 'warning', area: 'certificates', text })
  refuseOtherAuthority(state.currentState.certificatesBundle, bundle)
  return bundle
}

/** Nodes trust one authority at a time: those that have the new one would not speak to the others. */
function refuseOtherAuthority(current: CertificatesBundle | undefined, next: CertificatesBundle): void {
  const before = current?.[CLUSTER_CA]?.certificatePEM
  if (before === undefined || before.trim() === next[CLUSTER_CA]?.certificatePEM.trim()) return
  throw new PlanRefusedError('kube-ca.pem is not the CA that this cluster was built with', {
    step: 'read the certificate directory',
    untouched: true,
    hint:
      'have the certificates signed by the CA that the cluster has, or give it the new one in stages: ' +
      '"rke cert rotate --rotate-ca --ca-cert FILE --ca-key FILE"',
  })
}
