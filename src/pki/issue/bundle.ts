import type { CertificateEntry, CertificatesBundle } from '../encoding/certificate-entry.ts'
import { completeEntry, newEntry, sameEntry } from '../encoding/entry.ts'
import type { KeySource } from '../encoding/keys.ts'
import { readPrivateKey } from '../encoding/pem-contents.ts'
import { externalEtcdEntries } from '../inventory/external-etcd.ts'
import { CLUSTER_CA, REQUEST_HEADER_CA } from '../inventory/inventory.ts'
import { type WantedCertificate, wantedCertificates } from '../inventory/wanted.ts'
import type { OwnAuthority } from '../own/own-authority.ts'
import { type AdminTarget, withKubeconfig } from './admin.ts'
import {
  type Authority,
  type AuthorityName,
  ensureAuthorities,
  hasExternalKey,
  readyToSign,
} from './authorities.ts'
import { issueCertificate } from './issue.ts'
import { reasonToIssue, whereKey } from './reissue.ts'
import { type DecidedLeaf, refuseUnissuable } from './unissuable.ts'
import { validityOf, warningDays } from './validity.ts'

/** What a bundle is made from. */
export interface BundleRequest extends AdminTarget {
  /** The bundle of the state; undefined only for a cluster that does not exist yet. */
  readonly existing?: CertificatesBundle | undefined
  readonly keys: KeySource
  readonly clock: () => Date
  /** Certificates to make anew with new keys: what rotation asks for. */
  readonly renew?: ReadonlySet<string> | undefined
  /** An authority of the user's own: for a cluster that does not exist yet, or the key of the one that it has. */
  readonly authority?: OwnAuthority | undefined
}

/** A bundle, and what makes it differ from the one before. */
export interface EnsuredBundle {
  readonly bundle: CertificatesBundle
  /** Empty if nothing has to be written. */
  readonly changes: readonly BundleChange[]
}

export interface BundleChange {
  readonly name: string
  readonly kind: 'issued' | 'updated' | 'removed'
  readonly because: string
}

/**
 * All certificates a configuration asks for: those of `existing` that still fit stay as they are, byte for
 * byte, the others are issued with the key they had. Throws a `PkiError` for an entry that cannot be read,
 * for an authority that cannot sign, and if something has to be issued for which its key is not there.
 */
export async function ensureBundle(request: BundleRequest): Promise<EnsuredBundle> {
  const { config, existing } = request
  const now = request.clock()
  const renew = request.renew ?? new Set<string>()
  const isKeyExternal = hasExternalKey(config)
  const days = validityOf(config).caDays
  const authorities = await ensureAuthorities({ ...request, renew, isKeyExternal, days }, now)
  const context = { ...request, renew, authorities, now }
  const decided = wantedCertificates(config).map((wanted) => decideLeaf(wanted, context))
  refuseUnissuable(decided)
  const leaves = await Promise.all(decided.map((leaf) => ensureLeaf(leaf, context)))

  const ensured = [
    authorities[CLUSTER_CA],
    authorities[REQUEST_HEADER_CA],
    ...leaves.map((leaf) => (leaf.entry.name === 'kube-admin' ? withAdmin(leaf, context) : leaf)),
    ...externalEtcdEntries(config).map((entry) => ({ entry, because: undefined })),
  ]
  const names = new Set(ensured.map(({ entry }) => entry.name))
  const kept = Object.entries(existing ?? {}).filter(([name]) => !names.has(name) && !isPerNode(name))
  const entries = [...kept, ...ensured.map(({ entry }) => [entry.name, entry] as const)]
  return {
    bundle: Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))),
    changes: [
      ...ensured.flatMap((one) => changeOf(one, existing?.[one.entry.name])),
      ...Object.keys(existing ?? {})
        .filter((name) => !names.has(name) && isPerNode(name))
        .map((name) => ({ name, kind: 'removed', because: 'no node needs it any more' }) as const),
    ],
  }
}

interface LeafContext extends BundleRequest {
  readonly renew: ReadonlySet<string>
  readonly authorities: Readonly<Record<AuthorityName, Authority>>
  readonly now: Date
}

interface Ensured {
  readonly entry: CertificateEntry
  /** Why the certificate was issued; undefined if it was not. */
  readonly because: string | undefined
}

function decideLeaf(wanted: WantedCertificate, context: LeafContext): DecidedLeaf {
  const signer = context.authorities[wanted.signer]
  const entry = context.existing?.[wanted.name]
  const isSignerNew = signer.because !== undefined
  const because =
    context.existing === undefined
      ? 'the cluster is new'
      : reasonToIssue(wanted, entry, {
          ...context,
          signer,
          isSignerNew,
          warningDays: warningDays(context.config),
        })
  return { wanted, entry, signer, because }
}

async function ensureLeaf(
  { wanted, entry, signer, because }: DecidedLeaf,
  context: LeafContext,
): Promise<Ensured> {
  if (because === undefined && entry !== undefined) {
    return { entry: completeEntry(wanted.name, entry), because }
  }
  const keyPem = keptKey(wanted, context) || (await context.keys.generate())
  const key = readPrivateKey(keyPem, whereKey(wanted.name))
  const { leafDays } = validityOf(context.config)
  const pem = await issueCertificate(wanted.profile, key, readyToSign(signer), context.now, leafDays)
  const chain = wanted.profile.usage === 'server' ? signer.chain : ''
  return { entry: newEntry(wanted.name, `${pem}${chain}`, keyPem), because }
}

/**
 * The key a certificate is issued with again; "" for a new one. A cluster without a token key of its own
 * signs tokens with the API server's, so that one has to go on being used.
 */
function keptKey({ name, row }: WantedCertificate, { existing, renew }: LeafContext): string {
  if (renew.has(name) && !row.neverRenewed) return ''
  const own = existing?.[name]?.keyPEM
  if (own) return own
  return row.neverRenewed ? (existing?.['kube-apiserver']?.keyPEM ?? '') : ''
}

function withAdmin(leaf: Ensured, context: LeafContext): Ensured {
  const caPem = context.authorities[CLUSTER_CA].entry.certificatePEM
  const entry = withKubeconfig(leaf.entry, caPem, context)
  // RKE's first run records a path of its own choice. Nobody reads it, and it alone must not change a state.
  const recorded = context.existing?.['kube-admin']
  return { ...leaf, entry: recorded?.config ? { ...entry, configPath: recorded.configPath } : entry }
}

function isPerNode(name: string): boolean {
  return name.startsWith('kube-etcd') || name.startsWith('kube-kubelet')
}

function changeOf(
  { entry, because }: Ensured,
  before: CertificateEntry | undefined,
): readonly BundleChange[] {
  if (because !== undefined) return [{ name: entry.name, kind: 'issued', because }]
  if (before === undefined)
    return [{ name: entry.name, kind: 'updated', because: 'it is new in cluster.yml' }]
  if (sameEntry(entry, before)) return []
  return [{ name: entry.name, kind: 'updated', because: differenceOf(entry, before) }]
}

function differenceOf(entry: CertificateEntry, before: CertificateEntry): string {
  if (entry.name === CLUSTER_CA && entry.certificatePEM === before.certificatePEM) {
    return entry.keyPEM === '' ? 'its key is kept elsewhere from now on' : 'its key is known from now on'
  }
  if (entry.certificatePEM !== before.certificatePEM || entry.keyPEM !== before.keyPEM) {
    return 'it is another one in cluster.yml'
  }
  return entry.config !== before.config ? 'its kubeconfig changes' : 'its paths or names change'
}
