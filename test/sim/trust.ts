import { X509Certificate } from 'node:crypto'

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

const texts = new Map<string, string>()

/** The same text for all equal ones. Certificates are long, and to look one up that is not known as such takes time. */
export function knownText(text: string): string {
  const known = texts.get(text)
  if (known !== undefined) return known
  texts.set(text, text)
  return text
}

/** Verdicts by certificate and authority. */
const known = new Map<string, Map<string, boolean>>()

/** Whether one of the authorities in a text signed a certificate, both PEM; also false if one of them is none. */
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
    const checked = new X509Certificate(certificate)
    return (authority.match(CERTIFICATES) ?? []).some((text) => {
      const ca = new X509Certificate(text)
      return checked.checkIssued(ca) && checked.verify(ca.publicKey)
    })
  } catch {
    return false
  }
}
