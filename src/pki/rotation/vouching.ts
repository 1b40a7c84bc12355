import { isSignedBy, parseCertificate } from '../encoding/certificate.ts'
import type { CertificateEntry } from '../encoding/certificate-entry.ts'
import { authorityLimits } from '../own/authority-limits.ts'
import { texts } from './rotation-stages.ts'

/** Why an authority does not vouch for the next one: its key is elsewhere, or no other authority may stand below it. */
export const VOUCHING_FAILURES = ['no-key', 'path-length'] as const
export type VouchingFailure = (typeof VOUCHING_FAILURES)[number]

/**
 * Why an authority cannot sign a certificate of the next one, with which those who trust only itself believe what the next one issues;
 * undefined: it can, or has signed the next one anyway, or they trust that already. Go and OpenSSL refuse every chain that is longer than the path length of an
 * authority in it, also where that authority is trusted itself.
 * @param old the entry before the next one issues: its first certificate and its key sign, and all that it has are trusted
 */
export function whyNotVouchedFor(
  old: CertificateEntry | undefined,
  next: CertificateEntry,
): VouchingFailure | undefined {
  if (!old?.certificatePEM) return undefined
  const [signer, signed] = [old, next].map(({ name, certificatePEM }) =>
    parseCertificate(certificatePEM, name),
  )
  if (signer === undefined || signed === undefined || texts(old).includes(signed.pem)) return undefined
  if (authorityLimits(signer).pathLength === 0) return 'path-length'
  return old.keyPEM === '' && !isSignedBy(signed, signer) ? 'no-key' : undefined
}
