import { hash } from 'node:crypto'
import { type ParsedCertificate, parseCertificates } from '../encoding/certificate.ts'
import type { CertificateEntry, CertificatesBundle } from '../encoding/certificate-entry.ts'
import { INVENTORY, inventoryRow } from '../inventory/inventory.ts'
import { daysUntil } from '../issue/expiry.ts'
import type { CheckedCertificate, ServedAt } from './certificate-check.ts'

/** One place where a certificate was found. */
export interface Sighting {
  readonly name: string
  readonly certificate: ParsedCertificate
  readonly at: 'state' | { readonly file: string } | ServedAt
  /** `own`: signed by the component itself. `unused`: nothing reads a file of this name there. */
  readonly kind: 'expected' | 'own' | 'unused'
}

/** By what days count. */
export interface Calendar {
  readonly now: Date
  /** A certificate that ends in fewer days ends soon. */
  readonly warnDays: number
}

/** Lower-case hexadecimal SHA-256 of a certificate. */
export const fingerprint = ({ x509 }: ParsedCertificate): string => hash('sha256', x509.raw)

/** The certificates of a PEM text; `undefined` where it has none that can be read. */
export function readTexts(pem: string): readonly ParsedCertificate[] | undefined {
  try {
    return parseCertificates(pem)
  } catch {
    return undefined
  }
}

/** Certificates of a name in a text: those of authorities that the state has stand there behind others, and count there. */
export function ofName(
  name: string,
  pem: string,
  authorities: ReadonlySet<string>,
): readonly ParsedCertificate[] {
  const all = readTexts(pem) ?? []
  if (inventoryRow(name)?.usage === 'ca') return all
  return all.filter((certificate, index) => index === 0 || !authorities.has(fingerprint(certificate)))
}

/** Fingerprints of the authorities of a state. */
export function authoritiesIn(bundle: CertificatesBundle): ReadonlySet<string> {
  const texts = Object.entries(bundle).filter(([name]) => inventoryRow(name)?.usage === 'ca')
  return new Set(
    texts.flatMap(([, { certificatePEM }]) => (readTexts(certificatePEM) ?? []).map(fingerprint)),
  )
}

/** The certificates of a state, those between a certificate and its authority among them. */
export function sightingsInState(bundle: CertificatesBundle): readonly Sighting[] {
  const authorities = authoritiesIn(bundle)
  return Object.entries(bundle).flatMap(([name, { certificatePEM }]: readonly [string, CertificateEntry]) =>
    ofName(name, certificatePEM, authorities).map((certificate) => ({
      name,
      certificate,
      at: 'state' as const,
      kind: inventoryRow(name) === undefined ? ('unused' as const) : ('expected' as const),
    })),
  )
}

/** Sightings of one certificate put together, in the order of the inventory. */
export function rowsOf(sightings: readonly Sighting[], calendar: Calendar): readonly CheckedCertificate[] {
  const groups = Map.groupBy(sightings, ({ name, certificate }) => `${name} ${fingerprint(certificate)}`)
  return [...groups.values()]
    .flatMap((group) => (group[0] === undefined ? [] : [rowOf(group[0], group, calendar)]))
    .sort(
      (a, b) => placeOf(a) - placeOf(b) || byText(a.name, b.name) || Number(b.inState) - Number(a.inState),
    )
}

function rowOf(
  { name, certificate }: Sighting,
  group: readonly Sighting[],
  calendar: Calendar,
): CheckedCertificate {
  const { subject, issuer, names, notBefore, notAfter, serialNumber } = certificate
  return {
    name,
    kind: kindOf(name, group),
    ...subject,
    issuer: issuer.commonName,
    dnsNames: names.dnsNames,
    ips: names.ips,
    serialNumber,
    sha256: fingerprint(certificate),
    notBefore,
    notAfter,
    daysLeft: daysUntil(notAfter, calendar.now),
    status: statusOf(certificate, calendar),
    inState: group.some(({ at }) => at === 'state'),
    files: group.flatMap(({ at }) => (at !== 'state' && 'file' in at ? [at.file] : [])),
    served: group.flatMap(({ at }) => (at !== 'state' && 'port' in at ? [at] : [])),
  }
}

function kindOf(name: string, group: readonly Sighting[]): CheckedCertificate['kind'] {
  if (group.some(({ kind }) => kind === 'own')) return 'own'
  if (group.every(({ kind }) => kind === 'unused')) return 'unused'
  return inventoryRow(name)?.neverRenewed ? 'key-only' : 'cluster'
}

function statusOf(
  { notBefore, notAfter }: ParsedCertificate,
  { now, warnDays }: Calendar,
): CheckedCertificate['status'] {
  if (notAfter.getTime() <= now.getTime()) return 'expired'
  if (notBefore.getTime() > now.getTime()) return 'not-yet-valid'
  return daysUntil(notAfter, now) < warnDays ? 'ends-soon' : 'valid'
}

/** The cluster's own in the order of the inventory, then what nothing uses, then what components signed for themselves. */
function placeOf({ name, kind }: CheckedCertificate): number {
  const row = inventoryRow(name)
  const place = row === undefined ? INVENTORY.length : INVENTORY.indexOf(row)
  if (kind === 'own') return 2 * INVENTORY.length + 2
  return kind === 'unused' ? INVENTORY.length + 1 + place : place
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
