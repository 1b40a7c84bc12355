import { type Asn1, bytesOf, childrenOf, isTagged } from '../encoding/asn1.ts'
import { ipBytes } from '../encoding/ip.ts'
import type { SanList } from '../issue/sans.ts'

/** The names that an authority may or may not certify (RFC 5280 §4.2.1.10), as far as certificates of a cluster have such. */
export interface NameConstraints {
  readonly permitted: NameSet
  readonly excluded: NameSet
}

interface NameSet {
  /** `example.org` with all that is below it; `.example.org`: only what is below it. */
  readonly dns: readonly string[]
  /** Address and mask, one after the other. */
  readonly ips: readonly Buffer[]
}

const [DNS, IP] = [2, 7]
/** Kinds of names that Go knows: email, DNS, URI and IP. */
const KNOWN = [1, DNS, 6, IP]

/** Reads the extension. `hasOthers`: it holds kinds of names that Go does not know. */
export function namesIn(extension: Asn1): {
  readonly constraints: NameConstraints
  readonly hasOthers: boolean
} {
  const bases = (tag: number): readonly Asn1[] =>
    childrenOf(childrenOf(extension).find((part) => isTagged(part, tag))).flatMap(
      (subtree) => childrenOf(subtree)[0] ?? [],
    )
  const [permitted, excluded] = [bases(0), bases(1)]
  return {
    constraints: { permitted: setOf(permitted), excluded: setOf(excluded) },
    hasOthers: [...permitted, ...excluded].some((base) => !KNOWN.some((tag) => isTagged(base, tag))),
  }
}

/**
 * Those names that a certificate below an authority may not have, each with its kind. Compared as Go does (`crypto/x509`): a kind of which
 * nothing is permitted in particular is free.
 */
export function namesNotAllowed(names: SanList, { permitted, excluded }: NameConstraints): readonly string[] {
  const isAllowed = <C>(may: readonly C[], mayNot: readonly C[], fits: (constraint: C) => boolean): boolean =>
    !mayNot.some(fits) && (may.length === 0 || may.some(fits))
  return [
    ...names.dnsNames
      .filter((name) => !isAllowed(permitted.dns, excluded.dns, (domain) => isBelow(name, domain)))
      .map((name) => `DNS ${name}`),
    ...names.ips
      .filter((ip) => !isAllowed(permitted.ips, excluded.ips, (range) => isInRange(ip, range)))
      .map((ip) => `IP ${ip}`),
  ]
}

function setOf(bases: readonly Asn1[]): NameSet {
  const ofKind = (tag: number): readonly Buffer[] => bases.filter((base) => isTagged(base, tag)).map(bytesOf)
  return { dns: ofKind(DNS).map((name) => name.toString('latin1')), ips: ofKind(IP) }
}

function isBelow(name: string, domain: string): boolean {
  const [whole, end] = [name.toLowerCase(), domain.toLowerCase()]
  if (end.startsWith('.')) return whole.endsWith(end)
  return end === '' || whole === end || whole.endsWith(`.${end}`)
}

function isInRange(ip: string, range: Buffer): boolean {
  const bytes = ipBytes(ip)
  if (bytes === undefined || bytes.length * 2 !== range.length) return false
  return bytes.every((byte, at) => {
    const mask = range[bytes.length + at] ?? 0
    return (byte & mask) === ((range[at] ?? 0) & mask)
  })
}
