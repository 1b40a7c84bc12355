import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { PkiError } from '../../errors.ts'
import * as asn1 from './asn1.ts'
import { type Asn1, OID } from './asn1.ts'

/** How a key signs. */
interface SignatureKind {
  readonly hash: 'sha256' | 'sha384' | 'sha512'
  readonly algorithm: string
}

/** Elliptic curves that Go's crypto/x509 and TLS know, by OpenSSL's names, each with the hash of its size. */
const CURVES: ReadonlyMap<string, SignatureKind> = new Map([
  ['prime256v1', { hash: 'sha256', algorithm: OID.ecdsaWithSha256 }],
  ['secp384r1', { hash: 'sha384', algorithm: OID.ecdsaWithSha384 }],
  ['secp521r1', { hash: 'sha512', algorithm: OID.ecdsaWithSha512 }],
])

/** The same, for people. */
export const KNOWN_CURVES = 'P-256, P-384 and P-521'

const signAsync = promisify(sign)

/** Whether a key is on an elliptic curve that components of Kubernetes know. */
export function isKnownCurve(key: KeyObject): boolean {
  return CURVES.has(key.asymmetricKeyDetails?.namedCurve ?? '')
}

/** The AlgorithmIdentifier of a key's signatures: RFC 4055 §5 for RSA, with an explicit NULL; RFC 5758 §3.2 for EC, without. */
export function signatureAlgorithm(key: KeyObject): Asn1 {
  const id = asn1.oid(kindOf(key).algorithm)
  return key.asymmetricKeyType === 'ec' ? asn1.sequence(id) : asn1.sequence(id, asn1.nothing())
}

/**
 * A DER structure of content, algorithm and signature: certificates and signing requests have this form. The signature is made on
 * libuv's threads.
 */
export async function signStructure(content: Asn1, key: KeyObject): Promise<Buffer> {
  const signature = await signAsync(kindOf(key).hash, asn1.toDer(content), key)
  return asn1.toDer(asn1.sequence(content, signatureAlgorithm(key), asn1.bits(signature)))
}

/** The SubjectPublicKeyInfo of a private or public key. */
export function publicKeyInfo(key: KeyObject): Asn1 {
  return asn1.fromDer(publicPart(key).export({ type: 'spki', format: 'der' }))
}

/** SHA-1 of the public key's bits, method 1 of RFC 5280 §4.2.1.2. */
export function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(publicBits(publicPart(key)))
    .digest()
}

/** RFC 8017 §A.1.1 for RSA, an uncompressed point (RFC 5480 §2.2) for EC. */
function publicBits(key: KeyObject): Buffer {
  if (key.asymmetricKeyType === 'rsa') return key.export({ type: 'pkcs1', format: 'der' })
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  return Buffer.concat([Uint8Array.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
}

const publicPart = (key: KeyObject): KeyObject => (key.type === 'public' ? key : createPublicKey(key))

/** RKE's for RSA: SHA-256. */
function kindOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SignatureKind {
  if (asymmetricKeyType === 'rsa') return { hash: 'sha256', algorithm: OID.sha256WithRsa }
  const kind = CURVES.get(asymmetricKeyDetails?.namedCurve ?? '')
  if (kind === undefined)
    throw new PkiError(`nothing can be signed with a key of the type ${asymmetricKeyType}`)
  return kind
}
