import { X509Certificate } from 'node:crypto'

const known = new Map<string, boolean>()

/** Whether an authority signed a certificate, both PEM; also false if one of them is none. */
export function isSignedBy(certificate: string | undefined, authority: string | undefined): boolean {
  if (certificate === undefined || authority === undefined) return false
  const key = `${certificate}\n${authority}`
  const before = known.get(key)
  if (before !== undefined) return before
  const verdict = verify(certificate, authority)
  known.set(key, verdict)
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
