import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { PkiError } from '../../errors.ts'
import { type PemBlock, pemBlocks, pemText } from '../../pem.ts'
import { isKnownCurve, KNOWN_CURVES } from './signature.ts'

/** Names of blocks that hold a private key, in the order in which they are looked for. */
const KEY_TYPES = [
  ['RSA PRIVATE KEY', 'pkcs1'],
  ['EC PRIVATE KEY', 'sec1'],
  ['PRIVATE KEY', 'pkcs8'],
] as const

/** DER bytes as PEM: 64 columns of base64 and a trailing newline (RFC 7468). */
export function encodePem(label: string, der: Uint8Array): string {
  return pemText({ label, headers: [], body: Buffer.from(der).toString('base64') })
}

/**
 * The DER bytes of all certificates in a PEM text, at least one; blocks with headers are passed over. `where` names the
 * text in the error.
 */
export function certificateDers(pem: string, where: string): readonly [Buffer, ...Buffer[]] {
  const [first, ...others] = blocksOf(pem, ['CERTIFICATE']).map(({ body }) => Buffer.from(body, 'base64'))
  if (first === undefined) {
    throw new PkiError(`${where}: there is no certificate in it`, {
      hint: 'expected PEM text that begins with -----BEGIN CERTIFICATE-----',
    })
  }
  return [first, ...others]
}

/** The first RSA private key in a PEM text, PKCS#1 or PKCS#8. `where` names the text in the error. */
export function readPrivateKey(pem: string, where: string): KeyObject {
  const hint = 'expected an unencrypted RSA key in PEM form, a block named RSA PRIVATE KEY or PRIVATE KEY'
  const key = readKey(pem, where, hint)
  if (key.asymmetricKeyType === 'rsa') return key
  throw new PkiError(`${where}: the private key is ${key.asymmetricKeyType}, not RSA`, { hint })
}

/**
 * The first private key of an authority in a PEM text: RSA, or on an elliptic curve that Kubernetes knows (PKCS#1, SEC 1 or PKCS#8). RKE ends with
 * an elliptic one.
 */
export function readAuthorityKey(pem: string, where: string): KeyObject {
  const hint =
    'expected an unencrypted RSA or EC key in PEM form, a block named RSA PRIVATE KEY, EC PRIVATE KEY or PRIVATE KEY'
  const key = readKey(pem, where, hint)
  if (key.asymmetricKeyType === 'rsa' || isKnownCurve(key)) return key
  const { namedCurve } = key.asymmetricKeyDetails ?? {}
  const kind = `${key.asymmetricKeyType}${namedCurve === undefined ? '' : ` on the curve ${namedCurve}`}`
  throw new PkiError(`${where}: the private key is ${kind}, neither RSA nor EC on ${KNOWN_CURVES}`, { hint })
}

function readKey(pem: string, where: string, hint: string): KeyObject {
  for (const [label, type] of KEY_TYPES) {
    const body = firstBlock(pem, [label])
    if (body === undefined) continue
    try {
      return createPrivateKey({ key: Buffer.from(body, 'base64'), format: 'der', type })
    } catch (cause) {
      throw new PkiError(`${where}: the private key cannot be read`, { hint, cause })
    }
  }
  const what = isEncrypted(pem) ? 'the private key is encrypted' : 'there is no private key in it'
  throw new PkiError(`${where}: ${what}`, { hint })
}

function isEncrypted(pem: string): boolean {
  return pemBlocks(pem).some(
    ({ label, headers }) =>
      label === 'ENCRYPTED PRIVATE KEY' || headers.some((line) => line.includes('ENCRYPTED')),
  )
}

/** A private key in the form of the state file: PKCS#1, and SEC 1 for one on an elliptic curve. */
export function encodePrivateKey(key: KeyObject): string {
  const type = key.asymmetricKeyType === 'ec' ? 'sec1' : 'pkcs1'
  return String(key.export({ type, format: 'pem' }))
}

/**
 * The public part of the first private key of a PEM text, then the public keys that follow it, each as a block named PUBLIC KEY.
 * `where` names the text in the error.
 */
export function publicKeyTexts(pem: string, where: string): readonly [string, ...string[]] {
  const own = String(createPublicKey(readPrivateKey(pem, where)).export({ type: 'spki', format: 'pem' }))
  return [own, ...acceptedBesides(pem)]
}

/**
 * The text of a key file: the first private key in the form of the state file, and the public keys that follow it, whose
 * tokens are accepted besides (`--service-account-key-file`). `where` names the text in the error.
 */
export function keyTexts(pem: string, where: string): string {
  return [encodePrivateKey(readAuthorityKey(pem, where)), ...acceptedBesides(pem)].join('')
}

const acceptedBesides = (pem: string): readonly string[] => blocksOf(pem, ['PUBLIC KEY']).map(pemText)

/** The base64 body of the first block with one of the labels; blocks with headers are passed over. */
export function firstBlock(pem: string, labels: readonly string[]): string | undefined {
  return blocksOf(pem, labels)[0]?.body
}

function blocksOf(pem: string, labels: readonly string[]): readonly PemBlock[] {
  return pemBlocks(pem).filter(({ label, headers }) => labels.includes(label) && headers.length === 0)
}
