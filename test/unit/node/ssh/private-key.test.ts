import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ed25519OpensshKey } from '../../../../src/node/ssh/keys/openssh-key-file.ts'
import { parsePrivateKey } from '../../../../src/node/ssh/keys/private-key.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const ed25519 = generateKeyPairSync('ed25519').privateKey
const pem = (key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'sec1'): string =>
  String(key.export({ type, format: 'pem' }))
const publicPem = (key: KeyObject): string =>
  String(createPublicKey(key).export({ type: 'spki', format: 'pem' }))

const TEXTS: readonly (readonly [string, string])[] = [
  ['OpenSSH', ed25519OpensshKey(ed25519)],
  ['PKCS#1', pem(rsa, 'pkcs1')],
  ['SEC 1', pem(ec, 'sec1')],
  ['PKCS#8', pem(ed25519, 'pkcs8')],
]
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n'
const PARAMETERS = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n'

const publicKeyOf = (text: string): string => {
  const result = parsePrivateKey(text)
  return 'key' in result ? result.key.getPublicSSH().toString('base64') : result.reason
}

describe.each(TEXTS)('a key in %s form is read', (_, text) => {
  test.each<[string, string]>([
    ['with Windows line ends', text.replaceAll('\n', '\r\n')],
    ['with blanks at the ends of lines', text.replaceAll('\n', '  \n')],
    [
      'behind what other programs write',
      `Bag Attributes\n    friendlyName: me\nKey Attributes: <No Attributes>\n${text}`,
    ],
    ['behind a comment', `# the key of the cluster\n\n${text}`],
    ['with a line of a public key behind it', `${text}ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA me@here\n`],
    ['with a public key behind it', `${text}${publicPem(rsa)}`],
    ['with a certificate behind it', `${text}${CERTIFICATE}`],
    ['behind a certificate', `${CERTIFICATE}${text}`],
    ['behind parameters of its curve', `${PARAMETERS}${text}`],
    ['without a line break at its end', text.trimEnd()],
  ])('%s', (_, given) => {
    const expected = publicKeyOf(text)
    expect(expected).toMatch(/^AAAA/)
    expect(publicKeyOf(given)).toBe(expected)
  })
})

test.each([
  [
    'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: me\n',
    'putty',
    "it is in PuTTY's own format",
  ],
  ['PuTTY-User-Key-File-2: ssh-rsa\r\nEncryption: aes256-cbc\r\n', 'putty', "it is in PuTTY's own format"],
  [publicPem(rsa), 'public', 'it holds a public key; the private key is needed'],
  [
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA me@here\n',
    'public',
    'it holds a public key; the private key is needed',
  ],
  [CERTIFICATE, 'unreadable', 'it is not a private key in a known format'],
  ['', 'unreadable', 'it is not a private key in a known format'],
])('%j is none, and said to be what it is', (text, failed, reason) => {
  expect(parsePrivateKey(text)).toEqual({ failed, reason })
})
