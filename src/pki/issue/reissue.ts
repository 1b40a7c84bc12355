import { isKeyOf, isSignedBy, type ParsedCertificate, parseCertificate } from '../encoding/certificate.ts'
import type { CertificateEntry } from '../encoding/certificate-entry.ts'
import { readPrivateKey } from '../encoding/pem-contents.ts'
import type { WantedCertificate } from '../inventory/wanted.ts'
import type { Authority } from './authorities.ts'
import { daysUntil } from './expiry.ts'
import type { SanList } from './sans.ts'

/** What decides, besides the entry itself, whether a certificate is issued again. */
export interface ReissueContext {
  readonly signer: Pick<Authority, 'certificate' | 'key'>
  readonly isSignerNew: boolean
  readonly renew: ReadonlySet<string>
  readonly now: Date
  /** Days before its end from which a certificate ends soon. */
  readonly warningDays: number
}

/**
 * Why a certificate must be issued, in words for a person; undefined if the existing one stays. Names are
 * compared as sets: another order of the nodes in cluster.yml is no reason to restart API servers. Throws a
 * `PkiError` for an entry that cannot be read, rather than replace it silently.
 */
export function reasonToIssue(
  wanted: WantedCertificate,
  entry: CertificateEntry | undefined,
  context: ReissueContext,
): string | undefined {
  if (!entry?.certificatePEM) return 'it is missing'
  const current = parseCertificate(entry.certificatePEM, whereCertificate(wanted.name))
  if (!entry.keyPEM) return 'its key is missing'
  readPrivateKey(entry.keyPEM, whereKey(wanted.name))
  if (wanted.row.neverRenewed) return undefined
  if (context.renew.has(wanted.name)) return 'its renewal was asked for'
  if (context.isSignerNew) return `${wanted.signer}, which signs it, is new`
  switch (wanted.row.reissue) {
    case 'names-differ':
      return nameDifference(current.names, wanted.profile.names)
    case 'unusable-or-expiring':
      return unusable(wanted, current, entry, context)
    case undefined:
      return undefined
  }
}

/** How an error names an entry's certificate. */
export const whereCertificate = (name: string): string => `certificate "${name}" in the state`

/** How an error names an entry's key. */
export const whereKey = (name: string): string => `key of certificate "${name}" in the state`

/** The names that are wanted and not there, each with its kind. */
export function missingNames(current: SanList, wanted: SanList | undefined): readonly string[] {
  const has = new Set(namesWithKind(current))
  return [...new Set(namesWithKind(wanted))].filter((name) => !has.has(name))
}

function nameDifference(current: SanList, wanted: SanList | undefined): string | undefined {
  const added = missingNames(current, wanted)
  const removed = missingNames(wanted ?? { dnsNames: [], ips: [] }, current)
  if (added.length + removed.length === 0) return undefined
  return `its names change: ${[...added.map((name) => `+${name}`), ...removed.map((name) => `-${name}`)].join(', ')}`
}

function namesWithKind(names: SanList | undefined): readonly string[] {
  return [
    ...(names?.dnsNames ?? []).map((name) => `DNS ${name}`),
    ...(names?.ips ?? []).map((ip) => `IP ${ip}`),
  ]
}

function unusable(
  wanted: WantedCertificate,
  current: ParsedCertificate,
  entry: CertificateEntry,
  { signer, now, warningDays }: ReissueContext,
): string | undefined {
  const { commonName, organization = '' } = wanted.profile
  if (current.subject.commonName !== commonName || current.subject.organization !== organization) {
    return 'its subject is not the expected one'
  }
  if (!isKeyOf(current, readPrivateKey(entry.keyPEM, whereKey(wanted.name))))
    return 'its key does not belong to it'
  if (!isSignedBy(current, signer.certificate)) return `it is not signed by the present ${wanted.signer}`
  const days = daysUntil(current.notAfter, now)
  // Without the key nobody is asked for it before it has to be.
  const isEnding = days < (signer.key === undefined ? 0 : warningDays)
  return isEnding ? `it ends on ${current.notAfter.toISOString().slice(0, 10)}` : undefined
}
