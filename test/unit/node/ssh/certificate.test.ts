import { expect, test } from 'vitest'
import { certificateAlgorithms } from '../../../../src/node/ssh/keys/certificate-key.ts'
import {
  certificateProblem,
  parseSshCertificate,
  plainKeyType,
  type UserCertificate,
} from '../../../../src/node/ssh/keys/ssh-certificate.ts'
import { string, uint32 } from '../../../../src/node/ssh/keys/wire.ts'

const TYPE = 'ssh-ed25519-cert-v01@openssh.com'

function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(value)
  return bytes
}

function line(principals: readonly string[], kind = 1): string {
  const blob = Buffer.concat([
    string(TYPE),
    string('nonce'),
    string(Buffer.alloc(32, 7)),
    uint64(5n),
    uint32(kind),
    string('alice@laptop'),
    string(Buffer.concat(principals.map(string))),
    uint64(1000n),
    uint64(2000n),
  ])
  return `${TYPE} ${blob.toString('base64')} alice\n`
}

function parsed(principals: readonly string[]): UserCertificate {
  const certificate = parseSshCertificate(line(principals))
  if ('reason' in certificate) throw new Error(certificate.reason)
  return certificate
}

test('a certificate line is read', () => {
  expect(parsed(['root', 'ops'])).toMatchObject({
    type: TYPE,
    keyId: 'alice@laptop',
    principals: ['root', 'ops'],
    validAfter: 1000n,
    validBefore: 2000n,
    publicKey: [Buffer.alloc(32, 7)],
  })
})

test('a certificate is found behind comments, empty lines and options, as in authorized_keys', () => {
  const text = `# made by ssh-keygen -s\r\n\r\nno-pty,no-X11-forwarding ${line(['root'])}`
  expect(parseSshCertificate(text)).toEqual(parsed(['root']))
})

test.each([
  ['ssh-ed25519 AAAA alice', 'it is not an OpenSSH certificate (id_…-cert.pub)'],
  [`${TYPE} AAAA`, 'it is damaged'],
  [line([], 2), 'it is a host certificate, not a user certificate'],
  [
    `x-cert-v01@openssh.com ${string('x-cert-v01@openssh.com').toString('base64')}`,
    'certificates of type x-cert-v01@openssh.com are not supported',
  ],
])('%s: %s', (text, reason) => {
  expect(parseSshCertificate(text)).toEqual({ reason })
})

test.each([
  ['root', 1_500_000, undefined],
  ['root', 2_500_000, 'certificate "alice@laptop" expired 1970-01-01T00:33:20.000Z'],
  ['root', 500_000, 'certificate "alice@laptop" is valid only from 1970-01-01T00:16:40.000Z'],
  ['bob', 1_500_000, 'certificate "alice@laptop" is for root, not for bob'],
])('for %s at %d ms: %s', (user, now, problem) => {
  expect(certificateProblem(parsed(['root']), user, now)).toBe(problem)
})

test('a certificate without principals is for every user', () => {
  expect(certificateProblem(parsed([]), 'anyone', 1_500_000)).toBeUndefined()
})

test('a certificate signs with the algorithm of its key; RSA prefers SHA-2', () => {
  expect(plainKeyType(TYPE)).toBe('ssh-ed25519')
  expect(certificateAlgorithms(TYPE)).toEqual([{ offered: TYPE, signature: 'ssh-ed25519', hash: undefined }])
  expect(certificateAlgorithms('ssh-rsa-cert-v01@openssh.com').map(({ signature }) => signature)).toEqual([
    'rsa-sha2-512',
    'rsa-sha2-256',
    'ssh-rsa',
  ])
})
