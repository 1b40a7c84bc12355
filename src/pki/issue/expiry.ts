import { parseCertificate } from '../encoding/certificate.ts'
import type { CertificatesBundle } from '../encoding/certificate-entry.ts'
import { CLUSTER_CA, INVENTORY, inventoryRow, REQUEST_HEADER_CA } from '../inventory/inventory.ts'
import { EXPIRY_WARNING_DAYS } from './validity.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** Certificates that end on one day, or have ended then, and what to do about all of them. */
export interface ExpiryText {
  /** In the order of the inventory. */
  readonly names: readonly string[]
  readonly hasEnded: boolean
  readonly message: string
}

/**
 * What to say of the certificates of a bundle that end in fewer than `days` days, soonest first: one text for all that end on
 * one day. The token certificate is ignored: only its key is used. Invalid entries are reported elsewhere.
 */
export function expiryTexts(
  bundle: CertificatesBundle,
  now: Date,
  days = EXPIRY_WARNING_DAYS,
): readonly ExpiryText[] {
  const ending = endsOf(bundle).filter(({ notAfter }) => daysUntil(notAfter, now) < days)
  const groups = Map.groupBy(ending, (one) =>
    [dayOf(one.notAfter), hasEnded(one, now), isSupplied(one.name)].join(),
  )
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const names = group.map(({ name }) => name)
    const ended = hasEnded(first, now)
    // One that has ended is replaced with everything that it signed.
    const needsAuthority = !ended && names.some(isAuthority)
    const message = `${listed(names)} ${whenText(first.notAfter, ended, names.length > 1, now)}: ${remedyFor(names, needsAuthority)}`
    return [{ names, hasEnded: ended, message }]
  })
}

/** The certificates of a bundle that have ended, those that ended first at the front. That of the token key is ignored. */
export function endedCertificates(bundle: CertificatesBundle, now: Date): readonly CertificateEnd[] {
  return endsOf(bundle).filter((one) => hasEnded(one, now))
}

/** Names of the certificates of a bundle that have ended and that an authority of the cluster can issue anew. */
export function expiredLeaves(bundle: CertificatesBundle, now: Date): ReadonlySet<string> {
  return leavesEndingWithin(bundle, now, 0)
}

/** The same of those that have ended or end in fewer than `days` days. */
export function leavesEndingWithin(bundle: CertificatesBundle, now: Date, days: number): ReadonlySet<string> {
  const limit = now.getTime() + days * DAY_MS
  return new Set(
    endsOf(bundle)
      .filter(({ name, notAfter }) => notAfter.getTime() <= limit && !isAuthority(name) && !isSupplied(name))
      .map(({ name }) => name),
  )
}

/** What to say of certificates that would be valid for longer than the authority that signs them; one text for each authority. */
export function outlivingTexts(
  bundle: CertificatesBundle,
): readonly { readonly names: readonly string[]; readonly message: string }[] {
  return [CLUSTER_CA, REQUEST_HEADER_CA].flatMap((authority) => {
    const end = endOf(bundle[authority]?.certificatePEM)
    if (end === undefined) return []
    const names = endsOf(bundle)
      .filter(
        ({ name, notAfter }) => signerOf(name) === authority && notAfter.getTime() > end.getTime() + DAY_MS,
      )
      .map(({ name }) => name)
    if (names.length === 0) return []
    const [verb, them] = names.length > 1 ? ['are', 'them'] : ['is', 'it']
    const message =
      `${listed(names)} ${verb} valid for longer than ${authority}, which signs ${them}: nobody accepts ${them} after ` +
      `${dayOf(end)}, when ${authority} ends`
    return [{ names, message }]
  })
}

/** Whole days from `now` to a moment; negative when it has passed. */
export function daysUntil(moment: Date, now: Date): number {
  return Math.floor((moment.getTime() - now.getTime()) / DAY_MS)
}

/** `certificate a`, `certificates a, b and c`, `certificates a, b, c and 4 more`. */
export function listed(names: readonly string[]): string {
  const [first = '', ...others] = names
  if (others.length === 0) return `certificate ${first}`
  const shown = names.length > 4 ? names.slice(0, 3) : names.slice(0, -1)
  const last = names.length > 4 ? `${names.length - 3} more` : names.at(-1)
  return `certificates ${shown.join(', ')} and ${last}`
}

/** When a certificate ends. */
export interface CertificateEnd {
  readonly name: string
  readonly notAfter: Date
}

/** When each certificate ends whose end matters, soonest first. */
function endsOf(bundle: CertificatesBundle): readonly CertificateEnd[] {
  return INVENTORY.filter(({ neverRenewed }) => neverRenewed === undefined)
    .flatMap((row) => Object.keys(bundle).filter((name) => inventoryRow(name) === row))
    .flatMap((name) => {
      const notAfter = endOf(bundle[name]?.certificatePEM)
      return notAfter === undefined ? [] : [{ name, notAfter }]
    })
    .sort((a, b) => Math.floor(a.notAfter.getTime() / DAY_MS) - Math.floor(b.notAfter.getTime() / DAY_MS))
}

const signerOf = (name: string): string | undefined => inventoryRow(name)?.signer
const isAuthority = (name: string): boolean => inventoryRow(name)?.usage === 'ca'
/** Whether cluster.yml holds a certificate: nobody but its user can renew it. */
export const isSupplied = (name: string): boolean => inventoryRow(name)?.usage === 'supplied'
const hasEnded = ({ notAfter }: CertificateEnd, now: Date): boolean => notAfter.getTime() <= now.getTime()
const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10)

function whenText(notAfter: Date, ended: boolean, several: boolean, now: Date): string {
  const day = dayOf(notAfter)
  if (ended) return `${several ? 'have' : 'has'} ended on ${day}`
  return `${several ? 'end' : 'ends'} on ${day}, in ${daysUntil(notAfter, now)} days`
}

function remedyFor(names: readonly string[], needsAuthority: boolean): string {
  const them = names.length > 1 ? 'them' : 'it'
  if (names.every(isSupplied)) return `replace ${them} in cluster.yml`
  return `renew ${them} with "rke cert rotate${needsAuthority ? ' --rotate-ca' : ''}"`
}

/** The end of the first certificate: of those of an authority it is the one that signs. */
function endOf(pem: string | undefined): Date | undefined {
  if (!pem) return undefined
  try {
    return parseCertificate(pem).notAfter
  } catch {
    return undefined
  }
}
