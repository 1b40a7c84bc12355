import { OID } from '../encoding/asn1.ts'
import { isSignedBy, type ParsedCertificate } from '../encoding/certificate.ts'
import type { CertificateConfig } from '../encoding/certificate-config.ts'
import { isKnownCurve, KNOWN_CURVES } from '../encoding/signature.ts'
import { CLUSTER_CA } from '../inventory/inventory.ts'
import { wantedCertificates } from '../inventory/wanted.ts'
import type { SanList } from '../issue/sans.ts'
import { type AuthorityLimits, authorityLimits } from './authority-limits.ts'
import { namesNotAllowed } from './name-constraints.ts'

/** What the certificates of an authority are checked for. */
export interface ChainUse {
  /** How the user knows them: a path. */
  readonly name: string
  readonly config: CertificateConfig
  readonly now: Date
}

/** As OpenSSL and Go take them: OpenSSL refuses smaller keys, Go's TLS larger ones. */
const [SMALLEST_KEY, LARGEST_KEY] = [2048, 8192]
/** So many names are listed in an error. */
const LISTED = 6

/**
 * What is wrong with the certificates of an authority, the one that signs first: whatever OpenSSL or Go's crypto/x509, with which Kubernetes is
 * built, would refuse a certificate below it for. Each line names the file and the certificate.
 */
export function chainErrors(chain: readonly ParsedCertificate[], use: ChainUse): readonly string[] {
  return chain.flatMap((certificate, index) => {
    const where = `${use.name}: ${nameOf(certificate)}`
    const problems = [
      ...keyProblems(certificate, index),
      ...authorityProblems(certificate, index),
      ...validityProblems(certificate, use.now),
      ...nameProblems(certificate, use.config),
      ...issuerProblems(certificate, chain[index + 1]),
    ]
    return problems.map((problem) => `${where}: ${problem}`)
  })
}

/** Those names of a certificate that its authority may not certify, by its name constraints. */
export function namesForbidden(authority: ParsedCertificate, names: SanList | undefined): readonly string[] {
  if (names === undefined) return []
  const { constraints } = authorityLimits(authority)
  return constraints === undefined ? [] : namesNotAllowed(names, constraints)
}

/** A certificate for people: its subject. */
export function nameOf(certificate: ParsedCertificate | undefined): string {
  const { commonName = '', organization = '' } = certificate?.subject ?? {}
  const parts = [...(commonName ? [`CN=${commonName}`] : []), ...(organization ? [`O=${organization}`] : [])]
  return parts.length === 0 ? 'a certificate without a name' : parts.join(', ')
}

function keyProblems({ x509 }: ParsedCertificate, index: number): readonly string[] {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = x509.publicKey
  if (type === 'ec') {
    if (isKnownCurve(x509.publicKey)) return []
    return [`its key is on the curve ${details?.namedCurve}: Kubernetes reads ${KNOWN_CURVES}`]
  }
  if (type !== 'rsa') return index > 0 ? [] : [`its key is ${type}: keys that sign are RSA or EC`]
  const bits = details?.modulusLength ?? 0
  if (bits >= SMALLEST_KEY && bits <= LARGEST_KEY) return []
  return [`its RSA key has ${bits} bits: ${SMALLEST_KEY} to ${LARGEST_KEY} are accepted by OpenSSL and Go`]
}

function authorityProblems(certificate: ParsedCertificate, index: number): readonly string[] {
  const limits = authorityLimits(certificate)
  if (!limits.maySign) return ['its key usage does not allow signing certificates (keyCertSign)']
  if (!certificate.isCa)
    return ['it is not the certificate of an authority: its basic constraints do not say CA:TRUE']
  return [
    ...purposeProblems(certificate),
    ...lengthProblems(limits, index),
    ...limits.unknownCritical.map(
      (id) => `its critical extension ${id} has contents that Kubernetes does not know, and refuses`,
    ),
  ]
}

/** Extended key usages of an authority limit those of all certificates below it. */
function purposeProblems({ extendedKeyUsage }: ParsedCertificate): readonly string[] {
  if (extendedKeyUsage.length === 0 || extendedKeyUsage.includes(OID.anyExtendedKeyUsage)) return []
  const lacks = ['server', 'client'].filter((usage) => !extendedKeyUsage.includes(usage))
  return lacks.length === 0
    ? []
    : [
        `its extended key usage does not allow certificates of ${lacks.map((usage) => `${usage}s (${usage}Auth)`).join(' and ')}`,
      ]
}

function lengthProblems({ pathLength }: AuthorityLimits, below: number): readonly string[] {
  if (pathLength === undefined || pathLength >= below) return []
  return [
    `its path length is ${pathLength}, and ${below} ${below === 1 ? 'authority stands' : 'authorities stand'} between it and the certificates of the cluster`,
  ]
}

function validityProblems({ notBefore, notAfter }: ParsedCertificate, now: Date): readonly string[] {
  if (notBefore > now) return [`it is not valid before ${notBefore.toISOString()}`]
  return notAfter > now ? [] : [`it has ended on ${notAfter.toISOString()}`]
}

function nameProblems(certificate: ParsedCertificate, config: CertificateConfig): readonly string[] {
  const wanted = wantedCertificates(config).filter(
    ({ signer, row }) => signer === CLUSTER_CA && !row.neverRenewed,
  )
  const names = [...new Set(wanted.flatMap(({ profile }) => namesForbidden(certificate, profile.names)))]
  if (names.length === 0) return []
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : ''
  return [
    `its name constraints do not allow ${names.slice(0, LISTED).join(', ')}${more}, which certificates of this cluster have`,
  ]
}

function issuerProblems(
  certificate: ParsedCertificate,
  next: ParsedCertificate | undefined,
): readonly string[] {
  if (next === undefined || isSignedBy(certificate, next)) return []
  return [`it is not signed by the certificate that follows it, ${nameOf(next)}`]
}
