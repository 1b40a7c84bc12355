import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { parsePrivateKey } from '../../../src/node/ssh/keys/private-key.ts'
import { installPackages } from '../../testbed/index.ts'
import { makeFolder, makeKey } from './sshd.ts'

const folder = makeFolder()
beforeAll(() => installPackages(['ssh-keygen'], { 'ssh-keygen': 'openssh-client' }))

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n'
const PASSPHRASE = 'open sesame'

function publicKeyOf(text: string, passphrase?: string): string {
  const result = parsePrivateKey(text, passphrase)
  return 'key' in result ? result.key.getPublicSSH().toString('base64') : result.reason
}

/** What OpenSSH calls the public key. */
const publicPart = (path: string): string => readFileSync(`${path}.pub`, 'utf8').split(' ')[1] ?? ''

describe.each([
  '-t ed25519',
  '-t rsa -b 2048',
  '-t rsa -b 2048 -m PEM',
  '-t rsa -b 2048 -m PKCS8',
  '-t ecdsa -b 256',
  '-t ecdsa -b 384 -m PEM',
  '-t ecdsa -b 521 -m PKCS8',
])('a key of ssh-keygen %s is read', (kind) => {
  const name = kind.replaceAll(/\W/g, '')

  test('as it is, and with what people and programs put around it', () => {
    const path = makeKey(folder, name, kind.split(' '))
    const text = readFileSync(path, 'utf8')
    for (const given of [
      text,
      text.replaceAll('\n', '\r\n'),
      text.replaceAll('\n', '  \n'),
      `Bag Attributes\n    friendlyName: me\nKey Attributes: <No Attributes>\n${text}`,
      `# the key of the cluster\n\n${text}\n`,
      `${text}${readFileSync(`${path}.pub`, 'utf8')}`,
      `${text}${CERTIFICATE}`,
      `${CERTIFICATE}${text.trimEnd()}`,
    ]) {
      expect(publicKeyOf(given), given.slice(0, 40)).toBe(publicPart(path))
    }
  })

  test('with a passphrase, and text around it', () => {
    const path = makeKey(folder, `${name}-encrypted`, [...kind.split(' '), '-N', PASSPHRASE])
    const text = `Bag Attributes\n${readFileSync(path, 'utf8').replaceAll('\n', ' \r\n')}`
    expect(publicKeyOf(text, PASSPHRASE)).toBe(publicPart(path))
    expect(parsePrivateKey(text)).toMatchObject({ failed: 'passphrase' })
    expect(parsePrivateKey(text, 'open')).toMatchObject({ failed: 'wrong-passphrase' })
  })
})

describe('an encrypted key', () => {
  const encrypted = (cipher: string): string =>
    makeKey(folder, cipher, ['-t', 'ed25519', '-Z', cipher, '-N', PASSPHRASE])

  test.each(['aes128-cbc', 'aes256-cbc', 'aes256-ctr', 'aes256-gcm@openssh.com', '3des-cbc'])(
    'is read with the cipher %s',
    (cipher) => {
      const path = encrypted(cipher)
      expect(publicKeyOf(readFileSync(path, 'utf8'), PASSPHRASE)).toBe(publicPart(path))
    },
  )

  test('of another cipher is named, and encrypting it anew as advised makes it readable', () => {
    const path = encrypted('chacha20-poly1305@openssh.com')
    const before = parsePrivateKey(readFileSync(path, 'utf8'), PASSPHRASE)
    expect(before).toMatchObject({ failed: 'cipher' })
    execFileSync('ssh-keygen', ['-q', '-p', '-P', PASSPHRASE, '-N', PASSPHRASE, '-f', path])
    expect(publicKeyOf(readFileSync(path, 'utf8'), PASSPHRASE)).toBe(publicPart(path))
  })
})
