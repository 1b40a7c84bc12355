import type { RkeError } from '../../errors.ts'
import { parseCertificate } from '../encoding/certificate.ts'
import type { CertificateEntry, CertificatesBundle } from '../encoding/certificate-entry.ts'
import { newEntry } from '../encoding/entry.ts'
import type { KeySource } from '../encoding/keys.ts'
import { readPrivateKey } from '../encoding/pem-contents.ts'
import { CLUSTER_CA, REQUEST_HEADER_CA, TOKEN_CERTIFICATE } from '../inventory/inventory.ts'
import { readyToSign, takenAuthority } from '../issue/authorities.ts'
import { cannotSign } from '../issue/authority-refusals.ts'
import { issueAuthority, issueCertificate } from '../issue/issue.ts'
import { RKE_VALIDITY, type Validity } from '../issue/validity.ts'
import type { OwnAuthority } from '../own/own-authority.ts'

/** The authorities, and the key of service account tokens, that a cluster gets in the place of those that it has. */
export type NextAuthorities = Readonly<
  Record<typeof CLUSTER_CA | typeof REQUEST_HEADER_CA | typeof TOKEN_CERTIFICATE, CertificateEntry>
>

/** The names of these entries. */
export const NEXT_NAMES = [CLUSTER_CA, REQUEST_HEADER_CA, TOKEN_CERTIFICATE] as const

/**
 * New authorities in RKE's form, and a new key of service account tokens, whose certificate the new authority signs. They are
 * made once for a rotation, and kept in the state until it is done.
 * @param own the user's own in the place of a new `kube-ca`, with its key, which the entry has only if it is not external
 * @throws PkiError if the user's own comes without certificate or key.
 */
export async function makeNextAuthorities(
  keys: KeySource,
  now: Date,
  validity = RKE_VALIDITY,
  own?: { readonly authority: OwnAuthority; readonly isKeyExternal: boolean },
): Promise<NextAuthorities> {
  const taken = own && takenAuthority(CLUSTER_CA, own.authority, own.isKeyExternal, 'it was given')
  const [clusterCa, requestHeaderCa, tokenKey] = await Promise.all([
    taken?.entry ?? makeAuthority(CLUSTER_CA, keys, now, validity),
    makeAuthority(REQUEST_HEADER_CA, keys, now, validity),
    keys.generate(),
  ])
  const signer =
    taken === undefined
      ? {
          certificate: parseCertificate(clusterCa.certificatePEM),
          key: readPrivateKey(clusterCa.keyPEM, `new key of ${CLUSTER_CA}`),
        }
      : readyToSign(taken)
  const token = await issueCertificate(
    { commonName: TOKEN_CERTIFICATE, usage: 'client' },
    readPrivateKey(tokenKey, `new key of ${TOKEN_CERTIFICATE}`),
    signer,
    now,
    validity.leafDays,
  )
  return {
    [CLUSTER_CA]: clusterCa,
    [REQUEST_HEADER_CA]: requestHeaderCa,
    [TOKEN_CERTIFICATE]: newEntry(TOKEN_CERTIFICATE, token, tokenKey),
  }
}

/**
 * Those that a bundle has.
 * @param missing the error where it lacks one
 */
export function authoritiesOf(
  bundle: CertificatesBundle,
  missing: (name: string) => RkeError = cannotSign,
): NextAuthorities {
  const entry = (name: string): CertificateEntry => {
    const found = bundle[name]
    if (found?.certificatePEM) return found
    throw missing(name)
  }
  return {
    [CLUSTER_CA]: entry(CLUSTER_CA),
    [REQUEST_HEADER_CA]: entry(REQUEST_HEADER_CA),
    [TOKEN_CERTIFICATE]: entry(TOKEN_CERTIFICATE),
  }
}

async function makeAuthority(
  name: string,
  keys: KeySource,
  now: Date,
  { caDays }: Validity,
): Promise<CertificateEntry> {
  const keyPem = await keys.generate()
  const pem = await issueAuthority(name, readPrivateKey(keyPem, `new key of ${name}`), now, caDays)
  return newEntry(name, pem, keyPem)
}
