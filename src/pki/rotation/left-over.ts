import { isSignedBy, type ParsedCertificate, parseCertificates } from '../encoding/certificate.ts'
import type { CertificatesBundle } from '../encoding/certificate-entry.ts'
import { CLUSTER_CA } from '../inventory/inventory.ts'

/**
 * Certificates that a bundle trusts besides those of the authority that signs, and of those above it: what a rotation leaves that
 * does not come to its end.
 * @throws PkiError for an entry that cannot be read.
 */
export function leftOverAuthorities(bundle: CertificatesBundle): readonly ParsedCertificate[] {
  const pem = bundle[CLUSTER_CA]?.certificatePEM
  if (!pem) return []
  const all = parseCertificates(pem, CLUSTER_CA)
  const end = all.findIndex((certificate, index) => {
    const next = all[index + 1]
    return next === undefined || !isSignedBy(certificate, next)
  })
  return all.slice(end + 1)
}
