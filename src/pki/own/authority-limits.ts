import { type Asn1, bytesOf, childrenOf, fromDer, isTagged, OID } from '../encoding/asn1.ts'
import { extensionsOf, type ParsedCertificate } from '../encoding/certificate.ts'
import { type NameConstraints, namesIn } from './name-constraints.ts'

/** What the certificate of an authority allows the certificates below it. */
export interface AuthorityLimits {
  /** Whether its key usage, where it has one, allows signing certificates. */
  readonly maySign: boolean
  /** How many authorities may stand between it and a certificate of a component; undefined: any number. */
  readonly pathLength: number | undefined
  readonly constraints: NameConstraints | undefined
  /** Object identifiers of critical extensions that Go does not know: it refuses every certificate below such an authority. */
  readonly unknownCritical: readonly string[]
}

/** Critical extensions that Go's crypto/x509 handles in the versions that Kubernetes up to v1.31 is built with. */
const KNOWN_CRITICAL: ReadonlySet<string> = new Set([
  OID.subjectKeyIdentifier,
  OID.keyUsage,
  OID.subjectAltName,
  OID.basicConstraints,
  OID.nameConstraints,
  OID.crlDistributionPoints,
  OID.certificatePolicies,
  OID.authorityKeyIdentifier,
  OID.extendedKeyUsage,
  OID.authorityInfoAccess,
])

const KEY_CERT_SIGN = 0b0000_0100

/** Reads the limits in a certificate (RFC 5280 §4.2.1). */
export function authorityLimits(certificate: ParsedCertificate): AuthorityLimits {
  const extensions = extensionsOf(certificate.x509.raw)
  const read = (id: string): Asn1 | undefined => {
    const extension = extensions.get(id)
    return extension && fromDer(extension.value)
  }
  const usage = read(OID.keyUsage)
  const constraints = read(OID.nameConstraints)
  const known = constraints && namesIn(constraints)
  const isNamesUnknown = known?.hasOthers && extensions.get(OID.nameConstraints)?.critical
  return {
    // A bit string begins with the number of its unused bits.
    maySign: usage === undefined || ((bytesOf(usage)[1] ?? 0) & KEY_CERT_SIGN) !== 0,
    pathLength: pathLengthOf(read(OID.basicConstraints)),
    constraints: known?.constraints,
    unknownCritical: [
      ...[...extensions].flatMap(([id, { critical }]) => (critical && !KNOWN_CRITICAL.has(id) ? [id] : [])),
      ...(isNamesUnknown ? [OID.nameConstraints] : []),
    ],
  }
}

function pathLengthOf(basicConstraints: Asn1 | undefined): number | undefined {
  const [, length] = childrenOf(basicConstraints)
  if (length === undefined || isTagged(length, 0)) return undefined
  return Number.parseInt(bytesOf(length).toString('hex'), 16)
}
