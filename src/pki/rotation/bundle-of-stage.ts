import { isKeyOf, parseCertificate } from '../encoding/certificate.ts'
import type { CertificateEntry, CertificatesBundle } from '../encoding/certificate-entry.ts'
import {
  encodePrivateKey,
  publicKeyTexts,
  readAuthorityKey,
  readPrivateKey,
} from '../encoding/pem-contents.ts'
import { CLUSTER_CA, REQUEST_HEADER_CA, TOKEN_CERTIFICATE } from '../inventory/inventory.ts'
import { type BundleRequest, ensureBundle } from '../issue/bundle.ts'
import { issueCrossCertificate } from '../issue/issue.ts'
import { whereKey } from '../issue/reissue.ts'
import { certificatesToRenew } from '../issue/renewal.ts'
import { NEXT_NAMES, type NextAuthorities } from './next-authorities.ts'
import { type RotationStage, texts } from './rotation-stages.ts'
import { whyNotVouchedFor } from './vouching.ts'

/** A bundle, and the names of the certificates that were issued for it. */
export interface StageBundle {
  readonly bundle: CertificatesBundle
  readonly issued: ReadonlySet<string>
}

/** What the bundles of all stages are made from. */
export type StageRequest = Omit<BundleRequest, 'existing' | 'renew'>

/**
 * The bundle that a cluster gets in a stage of the rotation of its authorities.
 * @param from the bundle of the stage before it: in `trust` any bundle, also one with what an abandoned rotation left
 * @param request of its authority the key counts, in `issue`, where the state does not have that of the next one
 * @throws PkiError for an entry that cannot be read.
 */
export async function bundleOfStage(
  stage: RotationStage,
  from: CertificatesBundle,
  next: NextAuthorities,
  request: StageRequest,
): Promise<StageBundle> {
  const { authority: _given, ...rest } = request
  switch (stage) {
    case 'trust':
      return bundleWith(
        from,
        await entriesOf((name) => trusting(from[name], next[name])),
        withoutSigning(rest, from),
      )
    case 'issue':
      return bundleWith(
        from,
        await entriesOf((name) => issuing(from[name], next[name])),
        issuedBy(next, request),
      )
    case 'finish':
      return bundleWith(withoutChains(from, next), next, rest)
  }
}

/** All is issued anew, with the key of the next authority where that is given and not kept. */
function issuedBy(
  next: NextAuthorities,
  { authority, ...rest }: StageRequest,
): Omit<BundleRequest, 'existing'> {
  const key = authority?.key
  const renew = certificatesToRenew({ config: rest.config, services: [], rotateCa: false })
  const isNext = key !== undefined && isKeyOf(parseCertificate(next[CLUSTER_CA].certificatePEM), key.text)
  return { ...rest, renew, ...(isNext && { authority: { key } }) }
}

/** Nothing is issued by the old authority: it need not be able to. */
function withoutSigning(request: StageRequest, from: CertificatesBundle): StageRequest {
  if (from[CLUSTER_CA]?.keyPEM) return request
  const { config } = request
  return { ...request, config: { ...config, certificates: { ...config.certificates, caKey: 'external' } } }
}

/**
 * The bundle of a cluster that gets the next authorities without any stage: everything is issued anew, but for the key of tokens,
 * which goes on signing them. Where a stage has changed that already, tokens of the key before it are accepted still.
 */
export function bundleAtOnce(
  from: CertificatesBundle,
  next: NextAuthorities,
  request: StageRequest,
): Promise<StageBundle> {
  const { [TOKEN_CERTIFICATE]: _token, ...authorities } = next
  const token = from[TOKEN_CERTIFICATE]
  const kept =
    token === undefined
      ? {}
      : { [TOKEN_CERTIFICATE]: { ...token, keyPEM: keysInUse(token, next[TOKEN_CERTIFICATE]) } }
  return bundleWith({ ...from, ...kept }, authorities, issuedBy(next, request))
}

async function bundleWith(
  from: CertificatesBundle,
  entries: CertificatesBundle,
  request: Omit<BundleRequest, 'existing'>,
): Promise<StageBundle> {
  const { bundle, changes } = await ensureBundle({ ...request, existing: { ...from, ...entries } })
  const issued = changes.filter(({ kind }) => kind === 'issued').map(({ name }) => name)
  return { bundle, issued: new Set(issued) }
}

async function entriesOf(
  make: (name: keyof NextAuthorities) => CertificateEntry | Promise<CertificateEntry>,
): Promise<CertificatesBundle> {
  return Object.fromEntries(
    await Promise.all(NEXT_NAMES.map(async (name) => [name, await make(name)] as const)),
  )
}

/** The old certificates before the new ones, and the old key, which signs; of tokens the new key is accepted. */
function trusting(old: CertificateEntry | undefined, next: CertificateEntry): CertificateEntry {
  if (!old?.certificatePEM) return next
  if (next.name === TOKEN_CERTIFICATE) return { ...old, keyPEM: bothKeys(old, next) }
  return { ...old, certificatePEM: joined(texts(old), texts(next)) }
}

/** The new ones first, with the new key; the new authority's certificate by the old one behind. */
async function issuing(
  both: CertificateEntry | undefined,
  next: CertificateEntry,
): Promise<CertificateEntry> {
  if (!both?.certificatePEM) return next
  if (next.name === TOKEN_CERTIFICATE) return { ...next, keyPEM: bothKeys(next, both) }
  return { ...next, certificatePEM: joined(texts(next), [...texts(both), ...(await crossOf(both, next))]) }
}

/** None from an authority that cannot, or is the next one itself. */
async function crossOf(both: CertificateEntry, next: CertificateEntry): Promise<readonly string[]> {
  const [certificatePEM = ''] = texts(both)
  const old = { ...both, certificatePEM }
  if (!old.keyPEM || certificatePEM === texts(next)[0] || whyNotVouchedFor(old, next) !== undefined) return []
  const signer = {
    certificate: parseCertificate(certificatePEM),
    key: readAuthorityKey(old.keyPEM, whereKey(old.name)),
  }
  return [await issueCrossCertificate(parseCertificate(next.certificatePEM), signer)]
}

/** What comes with certificates only while the old authorities are trusted is taken off them. */
function withoutChains(from: CertificatesBundle, next: NextAuthorities): CertificatesBundle {
  const names = [CLUSTER_CA, REQUEST_HEADER_CA] as const
  const kept = new Set(names.flatMap((name) => texts(next[name])))
  const dropped = new Set(names.flatMap((name) => texts(from[name])).filter((pem) => !kept.has(pem)))
  return Object.fromEntries(
    Object.entries(from).map(([name, entry]) => {
      const all = texts(entry)
      const left = all.filter((pem) => !dropped.has(pem))
      return [name, left.length === all.length ? entry : { ...entry, certificatePEM: left.join('') }]
    }),
  )
}

/** The private key of the first, which signs tokens, and the public ones of both, whose tokens are accepted. */
function bothKeys(first: CertificateEntry, second: CertificateEntry): string {
  const [own, ...others] = [...new Set([first, second].flatMap(publicKeysOf))]
  if (own === undefined || others.length === 0) return first.keyPEM
  return keyAnd(first, others)
}

/** The keys of an entry that have signed tokens: not the next one, before it signs. */
function keysInUse(entry: CertificateEntry, next: CertificateEntry): string {
  const [unused] = publicKeysOf(next)
  const [, ...others] = publicKeysOf(entry)
  return keyAnd(
    entry,
    others.filter((key) => key !== unused),
  )
}

const publicKeysOf = ({ name, keyPEM }: CertificateEntry): readonly string[] =>
  publicKeyTexts(keyPEM, whereKey(name))

const keyAnd = ({ name, keyPEM }: CertificateEntry, accepted: readonly string[]): string =>
  [encodePrivateKey(readPrivateKey(keyPEM, whereKey(name))), ...accepted].join('')

const joined = (...lists: readonly (readonly string[])[]): string => [...new Set(lists.flat())].join('')
