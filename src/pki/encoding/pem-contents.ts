import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { PkiError } from '../../errors.ts'
import { type PemBlock, pemBlocks, pemText } from '../../pem.ts'

const KEY_LABELS = ['RSA PRIVATE KEY', 'PRIVATE KEY']

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
  const label = KEY_LABELS.find((candidate) => firstBlock(pem, [candidate]) !== undefined)
  const body = label === undefined ? undefined : firstBlock(pem, [label])
  if (label === undefined || body === undefined) {
    throw new PkiError(`${where}: ${otherKeyIn(pem) ?? 'there is no private key in it'}`, { hint })
  }
  let key: KeyObject
  try {
    const type = label === 'PRIVATE KEY' ? 'pkcs8' : 'pkcs1'
    key = createPrivateKey({ key: Buffer.from(body, 'base64'), format: 'der', type })
  } catch (cause) {
    throw new PkiError(`${where}: the private key cannot be read`, { hint, cause })
  }
  if (key.asymmetricKeyType !== 'rsa') {
    throw new PkiError(`${where}: the private key is ${key.asymmetricKeyType}, not RSA`, { hint })
  }
  return key
}

/** What a text holds instead of a key that can be read. */
function otherKeyIn(pem: string): string | undefined {
  const blocks = pemBlocks(pem)
  const isEncrypted = blocks.some(
    ({ label, headers }) =>
      label === 'ENCRYPTED PRIVATE KEY' || headers.some((line) => line.includes('ENCRYPTED')),
  )
  if (isEncrypted) return 'the private key is encrypted'
  return blocks.some(({ label }) => label === 'EC PRIVATE KEY') ? 'the private key is ec, not RSA' : undefined
}

/** A private key in the form of the state file (PKCS#1). */
export function encodePrivateKey(key: KeyObject): string {
  return String(key.export({ type: 'pkcs1', format: 'pem' }))
}

/** The public part of the first private key of a PEM text, as a block named PUBLIC KEY. `where` names the text in the error. */
export function publicKeyText(pem: string, where: string): string {
  return String(createPublicKey(readPrivateKey(pem, where)).export({ type: 'spki', format: 'pem' }))
}

/**
 * The text of a key file: the first private key in the form of the state file, and the public keys that follow it, whose
 * tokens are accepted besides (`--service-account-key-file`). `where` names the text in the error.
 */
export function keyTexts(pem: string, where: string): string {
  const others = blocksOf(pem, ['PUBLIC KEY']).map(pemText)
  return [encodePrivateKey(readPrivateKey(pem, where)), ...others].join('')
}

/** The base64 body of the first block with one of the labels; blocks with headers are passed over. */
export function firstBlock(pem: string, labels: readonly string[]): string | undefined {
  return blocksOf(pem, labels)[0]?.body
}

function blocksOf(pem: string, labels: readonly string[]): readonly PemBlock[] {
  return pemBlocks(pem).filter(({ label, headers }) => labels.includes(label) && headers.length === 0)
}
