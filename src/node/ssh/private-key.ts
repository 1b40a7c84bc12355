import { createPrivateKey, type KeyObject } from 'node:crypto'
import ssh2, { type ParsedKey } from 'ssh2'
import { ed25519OpensshKey } from './openssh-key-file.ts'

export type PrivateKeyResult =
  | { readonly key: ParsedKey }
  /** `passphrase`: it is encrypted, and no or a wrong passphrase was given. */
  | { readonly failed: 'passphrase' | 'wrong-passphrase' | 'unreadable'; readonly reason: string }

/**
 * Reads a private key in any of the forms people have: OpenSSH, PEM RSA/EC/DSA (PKCS#1, SEC 1) and PKCS#8,
 * plain or encrypted. The text itself never appears in the result's reason.
 */
export function parsePrivateKey(text: string, passphrase?: string): PrivateKeyResult {
  const pkcs8 = /-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.exec(text)
  if (pkcs8 !== null) return parsePkcs8(text, pkcs8[1] !== undefined, passphrase)
  const key = parseWithSsh2(text.replaceAll('\r\n', '\n'), passphrase)
  if (key instanceof Error) return failure(key.message, passphrase)
  if (!key.isPrivateKey()) {
    return { failed: 'unreadable', reason: 'it holds a public key; the private key is needed' }
  }
  return { key }
}

function failure(message: string, passphrase: string | undefined): PrivateKeyResult {
  if (/no passphrase given/i.test(message)) return { failed: 'passphrase', reason: 'it is encrypted' }
  if (/bad passphrase|integrity check failed|decrypt/i.test(message) && passphrase !== undefined) {
    return { failed: 'wrong-passphrase', reason: 'the passphrase is wrong' }
  }
  return { failed: 'unreadable', reason: 'it is not a private key in a known format' }
}

function parsePkcs8(text: string, encrypted: boolean, passphrase: string | undefined): PrivateKeyResult {
  if (encrypted && passphrase === undefined) return { failed: 'passphrase', reason: 'it is encrypted' }
  let key: KeyObject
  try {
    key = createPrivateKey(passphrase === undefined ? text : { key: text, passphrase })
  } catch {
    return encrypted
      ? { failed: 'wrong-passphrase', reason: 'the passphrase is wrong' }
      : { failed: 'unreadable', reason: 'it is not a private key in a known format' }
  }
  const parsed = parseWithSsh2(toSsh2Form(key))
  if (parsed instanceof Error) {
    return { failed: 'unreadable', reason: `SSH has no ${key.asymmetricKeyType ?? 'such'} keys` }
  }
  return { key: parsed }
}

/** ssh2 answers with an error, throws one, or gives a list, by file format. */
function parseWithSsh2(text: string, passphrase?: string): ParsedKey | Error {
  try {
    const parsed: ParsedKey | Error | readonly ParsedKey[] = ssh2.utils.parseKey(text, passphrase)
    const first = Array.isArray(parsed) ? parsed[0] : parsed
    return first ?? new Error('no key found')
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown))
  }
}

/** ssh2 reads no PKCS#8: the same key in a form that it does read. */
function toSsh2Form(key: KeyObject): string {
  if (key.asymmetricKeyType === 'rsa') return key.export({ type: 'pkcs1', format: 'pem' }).toString()
  if (key.asymmetricKeyType === 'ec') return key.export({ type: 'sec1', format: 'pem' }).toString()
  if (key.asymmetricKeyType === 'ed25519') return ed25519OpensshKey(key)
  return ''
}
