import { PkiError } from '../../errors.ts'
import { certificateTexts, type ParsedCertificate } from '../encoding/certificate.ts'
import type { CertificateEntry } from '../encoding/certificate-entry.ts'
import { CLUSTER_CA } from '../inventory/inventory.ts'
import { nameOf } from '../own/chain-checks.ts'
import type { OwnAuthority } from '../own/own-authority.ts'
import { whereCertificate } from './reissue.ts'

/** Another authority than the one that is there is given in stages alone. */
export function refuseOther(
  entry: CertificateEntry,
  certificates: NonNullable<OwnAuthority['certificates']>,
): void {
  const text = certificates.map(({ pem }) => pem).join('')
  if (certificateTexts(entry.certificatePEM, whereCertificate(entry.name)) === text) return
  throw new PkiError(
    `the cluster has another CA than ${nameOf(certificates[0])} with the certificates above it`,
    {
      step: 'read the CA',
      untouched: true,
      hint:
        'leave --ca-cert out to go on with the CA that the cluster has, or give it the new one in stages: ' +
        '"rke cert rotate --rotate-ca --ca-cert FILE --ca-key FILE"',
    },
  )
}

/** The key in `file` belongs to another authority. */
export function wrongKey(file: string, certificate: ParsedCertificate): PkiError {
  return new PkiError(`${file} is not the key of ${nameOf(certificate)}, the CA of the cluster`, {
    step: 'read the CA',
    untouched: true,
    hint: 'give the key of that CA',
  })
}

/** A new authority must be able to sign. */
export function noKey(): PkiError {
  return new PkiError('a new CA issues all certificates, and its key was not given', {
    step: 'read the CA',
    untouched: true,
    hint:
      'give the key with "--ca-key FILE" or in the environment variable RKE_CA_KEY; with "ca_key: external" among "certificates" in ' +
      'cluster.yml it is not kept. To sign elsewhere, see "rke cert generate-csr"',
  })
}

/** There is nothing to make an authority of, or it is not wanted. */
export function noAuthority(isKeyExternal: boolean): PkiError {
  const what = isKeyExternal
    ? 'cluster.yml says that the key of the CA is kept elsewhere, and no CA was given'
    : 'the key of a CA was given without the CA'
  return new PkiError(what, {
    step: 'read the CA',
    untouched: true,
    hint: 'give the certificate of the CA with "--ca-cert FILE" and its key with "--ca-key FILE"',
    ...(isKeyExternal && { key: ['certificates', 'caKey'] }),
  })
}

/** The state has an authority without certificate or key. */
export function cannotSign(name: string): PkiError {
  const what = name === CLUSTER_CA ? 'CA' : 'Request Header CA'
  return new PkiError(
    `${what} Certificate or Key is empty: entry "${name}" in the state cannot sign certificates`,
    {
      hint:
        name === CLUSTER_CA
          ? 'with certificates of your own, run with --custom-certs, or give the key of your CA with "--ca-key FILE"; otherwise restore the state file from a backup'
          : 'with certificates of your own, run with --custom-certs; otherwise restore the state file from a backup',
    },
  )
}
