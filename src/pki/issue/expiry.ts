import { parseCertificate } from '../encoding/certificate.ts'
import type { CertificatesBundle } from '../encoding/certificate-entry.ts'
import { inventoryRow } from '../inventory/inventory.ts'

/** People are warned of a certificate's end this many days before. */
export const EXPIRY_WARNING_DAYS = 90

/** A certificate that ends soon, or has ended. */
export interface ExpiryWarning {
  readonly name: string
  readonly notAfter: Date
  /** Whole days left; negative after the end. */
  readonly daysLeft: number
  readonly message: string
}

/**
 * The certificates of a bundle that expire within 90 days, soonest first. The token certificate is ignored: only its
 * key is used. Invalid entries are reported elsewhere.
 */
export function expiryWarnings(bundle: CertificatesBundle, now: Date): readonly ExpiryWarning[] {
  return Object.entries(bundle)
    .filter(([name]) => inventoryRow(name) !== undefined && inventoryRow(name)?.neverRenewed === undefined)
    .flatMap(([name, entry]) => warningFor(name, entry.certificatePEM, now))
    .sort((a, b) => a.notAfter.getTime() - b.notAfter.getTime())
}

/** Names of the certificates of a bundle that have ended and that an authority of the cluster can issue anew. */
export function expiredLeaves(bundle: CertificatesBundle, now: Date): ReadonlySet<string> {
  const ended = expiryWarnings(bundle, now).filter(({ notAfter }) => notAfter.getTime() <= now.getTime())
  return new Set(
    ended
      .map(({ name }) => name)
      .filter((name) => !['ca', 'supplied'].includes(inventoryRow(name)?.usage ?? '')),
  )
}

/** Whole days from `now` to a moment; negative when it has passed. */
export function daysUntil(moment: Date, now: Date): number {
  return Math.floor((moment.getTime() - now.getTime()) / (24 * 60 * 60 * 1000))
}

function warningFor(name: string, pem: string, now: Date): readonly ExpiryWarning[] {
  const notAfter = endOf(pem)
  if (notAfter === undefined) return []
  const daysLeft = daysUntil(notAfter, now)
  if (daysLeft >= EXPIRY_WARNING_DAYS) return []
  const day = notAfter.toISOString().slice(0, 10)
  const when =
    notAfter.getTime() <= now.getTime() ? `has ended on ${day}` : `ends on ${day}, in ${daysLeft} days`
  const remedy = inventoryRow(name)?.usage === 'ca' ? 'rke cert rotate --rotate-ca' : 'rke cert rotate'
  return [{ name, notAfter, daysLeft, message: `certificate ${name} ${when}: ${remedyFor(name, remedy)}` }]
}

function remedyFor(name: string, command: string): string {
  return inventoryRow(name)?.usage === 'supplied' ? 'replace it in cluster.yml' : `renew it with "${command}"`
}

function endOf(pem: string): Date | undefined {
  if (!pem) return undefined
  try {
    return parseCertificate(pem).notAfter
  } catch {
    return undefined
  }
}
