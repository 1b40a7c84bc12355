import { type KeyObject, X509Certificate } from 'node:crypto'
import { PkiError } from '../../errors.ts'
import type { SanList } from '../issue/sans.ts'
import { type Asn1, bytesOf, childrenOf, fromDer, isTagged, OID, oidOf } from './asn1.ts'
import { ipText } from './ip.ts'
import { certificateDers, encodePem } from './pem-contents.ts'

/** What can be read from a certificate. */
export interface ParsedCertificate {
  /** This certificate alone, without a chain or text around it. */
  readonly pem: string
  readonly subject: DistinguishedName
  readonly issuer: DistinguishedName
  readonly names: SanList
  /** `server` and `client` stand for the usages serverAuth and clientAuth, others are object identifiers. */
  readonly extendedKeyUsage: readonly string[]
  readonly isCa: boolean
  /** Hexadecimal. */
  readonly serialNumber: string
  readonly notBefore: Date
  readonly notAfter: Date
  readonly subjectKeyId: Buffer | undefined
  /** The subject as it stands in the certificate, for a byte copy as an issuer. */
  readonly subjectAsn1: Asn1
  readonly x509: X509Certificate
}

/** The two attributes of a name that Kubernetes reads; "" where absent. */
export interface DistinguishedName {
  readonly commonName: string
  readonly organization: string
}

const USAGE_NAMES = new Map<string, string>([
  [OID.serverAuth, 'server'],
  [OID.clientAuth, 'client'],
])

/**
 * Reads the first certificate of a PEM text (RFC 5280). `where` says which one it is in the `PkiError` that
 * an unreadable one ends in.
 */
export function parseCertificate(pem: string, where = 'certificate'): ParsedCertificate {
  return readDer(certificateDers(pem, where)[0], where)
}

/**
 * Reads all certificates of a PEM text: those of several authorities that are trusted, or a certificate and those between it
 * and its authority. The first is the one that `parseCertificate` reads.
 */
export function parseCertificates(
  pem: string,
  where = 'certificate',
): readonly [ParsedCertificate, ...ParsedCertificate[]] {
  const [first, ...others] = certificateDers(pem, where)
  return [readDer(first, where), ...others.map((der) => readDer(der, where))]
}

/** All certificates of a PEM text in the form of the state file, without text around them. */
export function certificateTexts(pem: string, where = 'certificate'): string {
  return parseCertificates(pem, where)
    .map((certificate) => certificate.pem)
    .join('')
}

function readDer(der: Buffer, where: string): ParsedCertificate {
  try {
    return fromParts(der, new X509Certificate(der))
  } catch (cause) {
    throw new PkiError(`${where}: the certificate cannot be read`, {
      hint: 'restore the state file from a backup or the cluster, or correct the certificate',
      cause,
    })
  }
}

/**
 * Those of the certificates of an authority (PEM text) that come with certificates which it issues for servers: its own, if another
 * one issued it, and those between. What signed itself is trusted, or not, without being sent.
 */
export function servedWith(authorityPem: string, where?: string): string {
  return parseCertificates(authorityPem, where)
    .filter((certificate) => !isSignedBy(certificate, certificate))
    .map(({ pem }) => pem)
    .join('')
}

/** Whether a certificate was signed with the key of the other one and is named after it. */
export function isSignedBy(certificate: ParsedCertificate, signer: ParsedCertificate): boolean {
  return certificate.x509.checkIssued(signer.x509) && certificate.x509.verify(signer.x509.publicKey)
}

/** Whether a private key belongs to a certificate. */
export function isKeyOf(certificate: ParsedCertificate, key: KeyObject): boolean {
  return certificate.x509.checkPrivateKey(key)
}

function fromParts(der: Buffer, x509: X509Certificate): ParsedCertificate {
  const fields = childrenOf(childrenOf(fromDer(der))[0]).filter((field) => !isTagged(field, 0))
  const [, , issuer, , subject] = fields
  if (issuer === undefined || subject === undefined) throw new PkiError('a field is missing')
  const extensions = readExtensions(fields)
  const extension = (id: string): Buffer | undefined => extensions.get(id)?.value
  return {
    pem: encodePem('CERTIFICATE', der),
    subject: readName(subject),
    issuer: readName(issuer),
    names: readNames(extension(OID.subjectAltName)),
    extendedKeyUsage: (x509.keyUsage ?? []).map((usage) => USAGE_NAMES.get(usage) ?? usage),
    isCa: x509.ca,
    serialNumber: x509.serialNumber,
    notBefore: x509.validFromDate,
    notAfter: x509.validToDate,
    subjectKeyId: keyId(extension(OID.subjectKeyIdentifier)),
    subjectAsn1: subject,
    x509,
  }
}

/** An extension as it stands in a certificate. */
export interface Extension {
  readonly critical: boolean
  /** DER. */
  readonly value: Buffer
}

/** The extensions of a certificate (DER), by object identifier. Throws forge's own error when the bytes are no DER. */
export function extensionsOf(der: Uint8Array): ReadonlyMap<string, Extension> {
  return readExtensions(childrenOf(childrenOf(fromDer(der))[0]))
}

function readExtensions(fields: readonly Asn1[]): ReadonlyMap<string, Extension> {
  const list = childrenOf(childrenOf(fields.find((field) => isTagged(field, 3)))[0])
  return new Map(
    list.map((entry) => {
      const parts = childrenOf(entry)
      // Nobody writes the flag that is false anyway.
      return [oidOf(parts[0]), { critical: parts.length > 2, value: bytesOf(parts.at(-1)) }]
    }),
  )
}

function readName(name: Asn1): DistinguishedName {
  const attributes = childrenOf(name).flatMap(childrenOf).map(childrenOf)
  const textOf = (id: string) =>
    bytesOf(attributes.find(([type]) => oidOf(type) === id)?.[1]).toString('utf8')
  return { commonName: textOf(OID.commonName), organization: textOf(OID.organization) }
}

/** The names in a subject alternative name extension, in their order. */
export function readNames(extension: Buffer | undefined): SanList {
  const entries = extension === undefined ? [] : childrenOf(fromDer(extension))
  return {
    dnsNames: entries.filter((entry) => isTagged(entry, 2)).map((entry) => bytesOf(entry).toString('latin1')),
    ips: entries.filter((entry) => isTagged(entry, 7)).map((entry) => ipText(bytesOf(entry))),
  }
}

function keyId(extension: Buffer | undefined): Buffer | undefined {
  return extension === undefined ? undefined : bytesOf(fromDer(extension))
}
