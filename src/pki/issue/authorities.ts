import type { KeyObject } from 'node:crypto'
import { isKeyOf, type ParsedCertificate, parseCertificate, servedWith } from '../encoding/certificate.ts'
import type { CertificateConfig } from '../encoding/certificate-config.ts'
import type { CertificateEntry, CertificatesBundle } from '../encoding/certificate-entry.ts'
import { completeEntry, newEntry } from '../encoding/entry.ts'
import type { KeySource } from '../encoding/keys.ts'
import { encodePrivateKey, readAuthorityKey } from '../encoding/pem-contents.ts'
import { CLUSTER_CA, REQUEST_HEADER_CA } from '../inventory/inventory.ts'
import type { OwnAuthority } from '../own/own-authority.ts'
import { cannotSign, noAuthority, noKey, refuseOther, wrongKey } from './authority-refusals.ts'
import { issueAuthority, type Signer } from './issue.ts'
import { whereCertificate, whereKey } from './reissue.ts'

/** An authority of the bundle. */
export interface Authority {
  readonly entry: CertificateEntry
  readonly certificate: ParsedCertificate
  /** Undefined: it is kept elsewhere, and was not given. */
  readonly key: KeyObject | undefined
  /** PEM text of the certificates that servers send behind one that this authority issued; RKE's has none. */
  readonly chain: string
  /** Why it was made in this run; undefined if it was there before. */
  readonly because: string | undefined
}

export type AuthorityName = typeof CLUSTER_CA | typeof REQUEST_HEADER_CA

interface AuthorityRequest {
  readonly existing?: CertificatesBundle | undefined
  readonly renew: ReadonlySet<string>
  readonly keys: KeySource
  /** For how many days a new one is valid. */
  readonly days: number
  /** The user's own `kube-ca`. */
  readonly authority?: OwnAuthority | undefined
  /** The key of `kube-ca` is not in the state, or has no place there. */
  readonly isKeyExternal?: boolean
}

/** Whether cluster.yml says that the state does not have the key of the CA. */
export const hasExternalKey = (config: CertificateConfig): boolean =>
  config.certificates?.caKey === 'external'

/**
 * The two authorities. A new `kube-ca` is created only if there is no bundle at all or its renewal was requested: in
 * a running cluster it would disconnect every node. The user's own is taken in its place; the other authority, which only API servers
 * and aggregated APIs know, is always the program's. Throws a `PkiError` if one cannot sign.
 */
export async function ensureAuthorities(
  request: AuthorityRequest,
  now: Date,
): Promise<Readonly<Record<AuthorityName, Authority>>> {
  const [clusterCa, requestHeaderCa] = await Promise.all([
    ensureAuthority(CLUSTER_CA, request, now),
    ensureAuthority(REQUEST_HEADER_CA, forRequestHeader(request), now),
  ])
  return { [CLUSTER_CA]: clusterCa, [REQUEST_HEADER_CA]: requestHeaderCa }
}

/**
 * The program's own, whatever the other one is. Only certificates that came from a directory may lack its key, and `kube-ca` may stand in for
 * it there.
 */
function forRequestHeader({ authority, ...request }: AuthorityRequest): AuthorityRequest {
  const { existing, renew, isKeyExternal = false } = request
  const [own, stored] = [existing?.[CLUSTER_CA], existing?.[REQUEST_HEADER_CA]]
  const isThere = Boolean(stored?.certificatePEM) && !renew.has(REQUEST_HEADER_CA)
  const isSame = isThere && own?.certificatePEM === stored?.certificatePEM
  return {
    ...request,
    isKeyExternal: isKeyExternal && isThere,
    ...(isSame && authority?.key && { authority: { key: authority.key } }),
  }
}

/** An authority with its key; throws a `PkiError` if that is not there. */
export function readyToSign({ entry, certificate, key }: Authority): Signer {
  if (key === undefined) throw cannotSign(entry.name)
  return { certificate, key }
}

async function ensureAuthority(
  name: AuthorityName,
  request: AuthorityRequest,
  now: Date,
): Promise<Authority> {
  const { isKeyExternal = false } = request
  const entry = request.existing?.[name]
  const because = reasonForNew(name, entry, request)
  if (because !== undefined && request.authority?.certificates !== undefined) {
    return takenAuthority(name, request.authority, isKeyExternal, because)
  }
  if (because !== undefined) {
    if (isKeyExternal || request.authority !== undefined) throw noAuthority(isKeyExternal)
    const keyPem = await request.keys.generate()
    const key = readAuthorityKey(keyPem, `new key of ${name}`)
    const pem = await issueAuthority(name, key, now, request.days)
    const certificate = parseCertificate(pem, name)
    return { entry: newEntry(name, pem, keyPem), certificate, chain: '', key, because }
  }
  if (!entry?.certificatePEM) throw cannotSign(name)
  return knownAuthority(name, entry, request)
}

/**
 * The user's own, new in a cluster. It comes with its key, since it has to issue everything.
 * @throws PkiError if certificate or key is missing.
 */
export function takenAuthority(
  name: AuthorityName,
  { certificates, key }: OwnAuthority,
  isKeyExternal: boolean,
  because: string,
): Authority {
  if (certificates === undefined) throw noAuthority(isKeyExternal)
  if (key === undefined) throw noKey()
  const text = certificates.map(({ pem }) => pem).join('')
  return {
    entry: newEntry(name, text, isKeyExternal ? '' : encodePrivateKey(key.text)),
    certificate: certificates[0],
    chain: servedWith(text),
    key: key.text,
    because,
  }
}

/** The one that the cluster has. A key that is given for it is used, and kept unless it is external. */
function knownAuthority(
  name: AuthorityName,
  entry: CertificateEntry,
  { authority, isKeyExternal = false }: AuthorityRequest,
): Authority {
  const certificate = parseCertificate(entry.certificatePEM, whereCertificate(name))
  if (authority?.certificates !== undefined) refuseOther(entry, authority.certificates)
  const given = authority?.key
  if (given !== undefined && !isKeyOf(certificate, given.text)) throw wrongKey(given.name, certificate)
  if (given === undefined && !entry.keyPEM && !isKeyExternal) throw cannotSign(name)
  const kept =
    given === undefined ? entry.keyPEM : isKeyExternal ? '' : entry.keyPEM || encodePrivateKey(given.text)
  return {
    // The rest of the entry is completed from its name.
    entry: { ...completeEntry(name, entry), keyPEM: kept },
    certificate,
    chain: servedWith(entry.certificatePEM, whereCertificate(name)),
    key: given?.text ?? (entry.keyPEM ? readAuthorityKey(entry.keyPEM, whereKey(name)) : undefined),
    because: undefined,
  }
}

function reasonForNew(
  name: AuthorityName,
  entry: CertificateEntry | undefined,
  { existing, renew }: AuthorityRequest,
): string | undefined {
  if (existing === undefined) return 'the cluster is new'
  if (renew.has(name)) return 'its renewal was asked for'
  if (name === REQUEST_HEADER_CA && !entry?.certificatePEM) return 'it is missing'
  return undefined
}
