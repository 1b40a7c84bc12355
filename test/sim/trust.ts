import { X509Certificate } from 'node:crypto'

/** Verdicts by certificate and authority. */
const known = new Map<string, Map<string, boolean>>()

/** Whether an authority signed a certificate, both PEM; also false if one of them is none. */
export function isSignedBy(certificate: string | undefined, authority: string | undefined): boolean {
  if (certificate === undefined || authority === undefined) return false
  const verdicts = known.get(certificate) ?? new Map<string, boolean>()
  known.set(certificate, verdicts)
  const verdict = verdicts.get(authority) ?? verify(certificate, authority)
  verdicts.set(authority, verdict)
  return verdict
}

function verify(certificate: string, authority: string): boolean {
  try {
    const ca = new X509Certificate(authority)
    const checked = new X509Certificate(certificate)
    return checked.checkIssued(ca) && checked.verify(ca.publicKey)
  } catch {
    return false
  }
}
