import { PkiError } from '../../errors.ts'
import { parseCertificate, servedWith } from '../encoding/certificate.ts'
import type { CertificateEntry, CertificatesBundle } from '../encoding/certificate-entry.ts'
import { completeEntry, newEntry } from '../encoding/entry.ts'
import type { KeySource } from '../encoding/keys.ts'
import { readPrivateKey } from '../encoding/pem-contents.ts'
import { CLUSTER_CA, REQUEST_HEADER_CA } from '../inventory/inventory.ts'
import { issueAuthority, type Signer } from './issue.ts'
import { whereCertificate, whereKey } from './reissue.ts'

/** An authority of the bundle, ready to sign. */
export interface Authority extends Signer {
  readonly entry: CertificateEntry
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
}

/**
 * The two authorities. A new `kube-ca` is created only if there is no bundle at all or its renewal was requested: in
 * a running cluster it would disconnect every node. Throws a `PkiError` if one cannot sign.
 */
export async function ensureAuthorities(
  request: AuthorityRequest,
  now: Date,
): Promise<Readonly<Record<AuthorityName, Authority>>> {
  const [clusterCa, requestHeaderCa] = await Promise.all([
    ensureAuthority(CLUSTER_CA, request, now),
    ensureAuthority(REQUEST_HEADER_CA, request, now),
  ])
  return { [CLUSTER_CA]: clusterCa, [REQUEST_HEADER_CA]: requestHeaderCa }
}

async function ensureAuthority(
  name: AuthorityName,
  request: AuthorityRequest,
  now: Date,
): Promise<Authority> {
  const entry = request.existing?.[name]
  const because = reasonForNew(name, entry, request)
  if (because !== undefined) {
    const keyPem = await request.keys.generate()
    const key = readPrivateKey(keyPem, `new key of ${name}`)
    const pem = await issueAuthority(name, key, now, request.days)
    const certificate = parseCertificate(pem, name)
    return { entry: newEntry(name, pem, keyPem), certificate, chain: '', key, because }
  }
  if (!entry?.certificatePEM || !entry.keyPEM) throw cannotSign(name)
  return {
    entry: completeEntry(name, entry),
    certificate: parseCertificate(entry.certificatePEM, whereCertificate(name)),
    chain: servedWith(entry.certificatePEM, whereCertificate(name)),
    key: readPrivateKey(entry.keyPEM, whereKey(name)),
    because,
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

function cannotSign(name: AuthorityName): PkiError {
  const what = name === CLUSTER_CA ? 'CA' : 'Request Header CA'
  return new PkiError(
    `${what} Certificate or Key is empty: entry "${name}" in the state cannot sign certificates`,
    {
      hint: 'with certificates of your own, run with --custom-certs; otherwise restore the state file from a backup',
    },
  )
}
