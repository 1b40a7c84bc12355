import { createPrivateKey, type KeyObject } from 'node:crypto'
import ssh2, { type ParsedKey } from 'ssh2'
import { pemBlocks, pemText } from '../../../pem.ts'
import { ed25519OpensshKey } from './openssh-key-file.ts'

/** Why a key cannot be used. `passphrase`: it is encrypted, and none was given. */
export type KeyFailure = 'passphrase' | 'wrong-passphrase' | 'cipher' | 'putty' | 'public' | 'unreadable'

export type PrivateKeyResult =
  | { readonly key: ParsedKey }
  | { readonly failed: KeyFailure; readonly reason: string }

/**
 * Reads the first private key of a text in any of the forms people have: OpenSSH, PEM RSA/EC/DSA (PKCS#1, SEC 1) and
 * PKCS#8, plain or encrypted. Other text and other blocks around it do not matter, as to Go. The text itself never
 * appears in the result's reason.
 */
export function parsePrivateKey(text: string, passphrase?: string): PrivateKeyResult {
  const block = pemBlocks(text).find(({ label }) => label.endsWith('PRIVATE KEY'))
  if (block === undefined) return otherThanKey(text)
  const pem = pemText(block)
  if (block.label === 'PRIVATE KEY') return parsePkcs8(pem, false, passphrase)
  if (block.label === 'ENCRYPTED PRIVATE KEY') return parsePkcs8(pem, true, passphrase)
  const key = parseWithSsh2(pem, passphrase)
  return key instanceof Error ? failure(key.message, passphrase) : { key }
}

/** What people give in the place of a private key. */
function otherThanKey(text: string): PrivateKeyResult {
  if (/^\s*PuTTY-User-Key-File-\d/.test(text)) {
    return { failed: 'putty', reason: "it is in PuTTY's own format" }
  }
  const isPublic = pemBlocks(text).some(({ label }) => label.endsWith('PUBLIC KEY')) || PUBLIC_KEY.test(text)
  return isPublic
    ? { failed: 'public', reason: 'it holds a public key; the private key is needed' }
    : UNREADABLE
}

/** The line of a file such as `id_ed25519.pub`, or its form of RFC 4716. */
const PUBLIC_KEY = /^((ssh|ecdsa|sk-ssh|sk-ecdsa)-\S+ AAAA|---- BEGIN SSH2 PUBLIC KEY ----)/m

const UNREADABLE = { failed: 'unreadable', reason: 'it is not a private key in a known format' } as const

function failure(message: string, passphrase: string | undefined): PrivateKeyResult {
  if (/no passphrase given/i.test(message)) return { failed: 'passphrase', reason: 'it is encrypted' }
  if (/bad passphrase|integrity check failed|decrypt/i.test(message) && passphrase !== undefined) {
    return { failed: 'wrong-passphrase', reason: 'the passphrase is wrong' }
  }
  if (/cipher|initialization vector/i.test(message)) {
    return { failed: 'cipher', reason: 'it is encrypted in a way that is not supported' }
  }
  return UNREADABLE
}

function parsePkcs8(pem: string, encrypted: boolean, passphrase: string | undefined): PrivateKeyResult {
  if (encrypted && passphrase === undefined) return { failed: 'passphrase', reason: 'it is encrypted' }
  let key: KeyObject
  try {
    key = createPrivateKey(passphrase === undefined ? pem : { key: pem, passphrase })
  } catch {
    return encrypted ? { failed: 'wrong-passphrase', reason: 'the passphrase is wrong' } : UNREADABLE
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
