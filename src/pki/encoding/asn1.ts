import forge from 'node-forge'

/** A node of an ASN.1 tree as node-forge keeps it; its text values are strings of bytes. */
export type Asn1 = forge.asn1.Asn1

const { asn1 } = forge
const { Class, Type } = asn1

/** The object identifiers of RFC 5280, RFC 5758 and RFC 8017 that certificates of a cluster use. */
export const OID = {
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  anyExtendedKeyUsage: '2.5.29.37.0',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  ecdsaWithSha384: '1.2.840.10045.4.3.3',
  ecdsaWithSha512: '1.2.840.10045.4.3.4',
  extensionRequest: '1.2.840.113549.1.9.14',
} as const

export const sequence = (...children: readonly Asn1[]): Asn1 => composed(Type.SEQUENCE, children)
export const set = (...children: readonly Asn1[]): Asn1 => composed(Type.SET, children)
export const oid = (id: string): Asn1 => plain(Type.OID, asn1.oidToDer(id).getBytes())
export const nothing = (): Asn1 => plain(Type.NULL, '')
export const yes = (): Asn1 => plain(Type.BOOLEAN, '\xff')
export const octets = (bytes: Uint8Array): Asn1 => plain(Type.OCTETSTRING, byteText(bytes))

/** A bit string; `unused` counts the bits at its end that do not belong to it. */
export const bits = (bytes: Uint8Array, unused = 0): Asn1 =>
  plain(Type.BITSTRING, byteText(Uint8Array.of(unused, ...bytes)))

/** A non-negative integer from big-endian bytes, in its shortest form. */
export function integer(bytes: Uint8Array): Asn1 {
  const start = bytes.findIndex((byte) => byte !== 0)
  const digits = start < 0 ? Uint8Array.of(0) : bytes.subarray(start)
  return plain(Type.INTEGER, byteText((digits[0] ?? 0) > 0x7f ? Uint8Array.of(0, ...digits) : digits))
}

/** A PrintableString where its alphabet suffices, a UTF8String otherwise. */
export function text(value: string): Asn1 {
  return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value)
    ? plain(Type.PRINTABLESTRING, value)
    : plain(Type.UTF8, byteText(Buffer.from(value, 'utf8')))
}

/** A moment with seconds: UTCTime up to 2049, GeneralizedTime from 2050 on, as RFC 5280 asks. */
export function time(moment: Date): Asn1 {
  const digits = `${moment.toISOString().replaceAll(/[-:T]|\..*$/g, '')}Z`
  return moment.getUTCFullYear() < 2050
    ? plain(Type.UTCTIME, digits.slice(2))
    : plain(Type.GENERALIZEDTIME, digits)
}

/** A context-specific tag around other nodes (`explicit`) or instead of a string's own tag. */
export const tagged = (tag: number, content: readonly Asn1[] | Uint8Array): Asn1 =>
  content instanceof Uint8Array
    ? asn1.create(Class.CONTEXT_SPECIFIC, tag, false, byteText(content))
    : asn1.create(Class.CONTEXT_SPECIFIC, tag, true, [...content])

export function toDer(node: Asn1): Buffer {
  return Buffer.from(asn1.toDer(node).getBytes(), 'binary')
}

/** Throws forge's own error when the bytes are no DER. */
export function fromDer(der: Uint8Array): Asn1 {
  return asn1.fromDer(byteText(der))
}

/** The nodes inside a composed node. */
export function childrenOf(node: Asn1 | undefined): readonly Asn1[] {
  return node !== undefined && Array.isArray(node.value) ? node.value : []
}

/** The bytes of a plain node. */
export function bytesOf(node: Asn1 | undefined): Buffer {
  return Buffer.from(typeof node?.value === 'string' ? node.value : '', 'binary')
}

export function oidOf(node: Asn1 | undefined): string {
  return asn1.derToOid(bytesOf(node).toString('binary'))
}

export const isTagged = (node: Asn1, tag: number): boolean =>
  node.tagClass === Class.CONTEXT_SPECIFIC && Number(node.type) === tag

function composed(type: forge.asn1.Type, children: readonly Asn1[]): Asn1 {
  return asn1.create(Class.UNIVERSAL, type, true, [...children])
}

function plain(type: forge.asn1.Type, value: string): Asn1 {
  return asn1.create(Class.UNIVERSAL, type, false, value)
}

function byteText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('binary')
}
