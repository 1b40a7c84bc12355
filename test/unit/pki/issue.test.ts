import { execFileSync } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import {
  isKeyOf,
  isSignedBy,
  type ParsedCertificate,
  parseCertificate,
} from '../../../src/pki/encoding/certificate.ts'
import { newKeys } from '../../../src/pki/encoding/keys.ts'
import { readPrivateKey } from '../../../src/pki/encoding/pem-contents.ts'
import {
  type CertificateProfile,
  issueAuthority,
  issueCertificate,
  type Signer,
} from '../../../src/pki/issue/issue.ts'
import { DAY_MS, NOW, testKeys } from './support.ts'

const LATER = new Date(NOW.getTime() + 30 * DAY_MS)
const keys = testKeys()
let signer: Signer

beforeAll(async () => {
  const key = readPrivateKey(await keys.generate(), 'key')
  signer = { key, certificate: parseCertificate(await issueAuthority('kube-ca', key, NOW)) }
})

async function issue(profile: CertificateProfile, now = LATER): Promise<ParsedCertificate> {
  const key = readPrivateKey(await keys.generate(), 'key')
  return parseCertificate(await issueCertificate(profile, key, signer, now))
}

test('an authority is a self-signed CA with serial 0, valid for ten years of 365 days', () => {
  const { certificate, key } = signer
  expect(certificate.isCa).toBe(true)
  expect(certificate.serialNumber).toMatch(/^0+$/)
  expect(certificate.subject).toEqual({ commonName: 'kube-ca', organization: '' })
  expect(certificate.issuer).toEqual(certificate.subject)
  expect(certificate.notBefore).toEqual(NOW)
  expect(certificate.notAfter.getTime() - NOW.getTime()).toBe(3650 * DAY_MS)
  expect(isSignedBy(certificate, certificate)).toBe(true)
  expect(isKeyOf(certificate, key)).toBe(true)
})

test('a certificate is valid from its authority’s beginning until ten years from now', async () => {
  const certificate = await issue({ commonName: 'c', usage: 'client' })
  expect(certificate.notBefore).toEqual(signer.certificate.notBefore)
  expect(certificate.notAfter.getTime() - LATER.getTime()).toBe(3650 * DAY_MS)
  expect(isSignedBy(certificate, signer.certificate)).toBe(true)
})

test('an end in 2050 or later is kept', async () => {
  const certificate = await issue({ commonName: 'c', usage: 'client' }, new Date('2049-06-01T00:00:00Z'))
  expect(certificate.notAfter.toISOString()).toBe('2059-05-30T00:00:00.000Z')
})

test('subject, usages and names are as asked, names in their order and with repetitions', async () => {
  const names = {
    dnsNames: ['b', 'a', 'b', '10.0.0.9'],
    ips: ['192.0.2.1', 'fd00:43::1', '127.0.0.1', '192.0.2.1'],
  }
  const server = await issue({ commonName: 'system:x', organization: 'system:ys', usage: 'server', names })
  expect(server.subject).toEqual({ commonName: 'system:x', organization: 'system:ys' })
  expect(server.extendedKeyUsage).toEqual(['client', 'server'])
  expect(server.names).toEqual(names)
  expect(server.isCa).toBe(false)
  const client = await issue({ commonName: 'c', usage: 'client' })
  expect(client.extendedKeyUsage).toEqual(['client'])
  expect(client.names).toEqual({ dnsNames: [], ips: [] })
})

test('a common name outside the printable alphabet survives', async () => {
  const certificate = await issue({ commonName: 'kube-kubelet-a_bü', usage: 'server' })
  expect(certificate.subject.commonName).toBe('kube-kubelet-a_bü')
})

test('two certificates have different serial numbers', async () => {
  const [one, other] = await Promise.all(
    ['a', 'b'].map((commonName) => issue({ commonName, usage: 'client' })),
  )
  expect(one?.serialNumber).not.toBe(other?.serialNumber)
})

test('a DNS name outside ASCII is refused', async () => {
  const names = { dnsNames: ['bücher.example'], ips: [] }
  await expect(issue({ commonName: 'c', usage: 'server', names })).rejects.toThrow('"bücher.example"')
})

test('new keys have 2048 bits and the exponent 65537', async () => {
  const pem = await newKeys.generate()
  expect(pem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/)
  expect(createPrivateKey(pem).asymmetricKeyDetails).toEqual({ modulusLength: 2048, publicExponent: 65537n })
})

test('OpenSSL accepts the chain for a server’s name and address', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'rke-pki-'))
  try {
    const leaf = await issue({
      commonName: 'c',
      usage: 'server',
      names: { dnsNames: ['api'], ips: ['fd00::1'] },
    })
    writeFileSync(join(directory, 'ca.pem'), signer.certificate.pem)
    writeFileSync(join(directory, 'leaf.pem'), leaf.pem)
    const at = String(LATER.getTime() / 1000)
    const checks = ['-x509_strict', '-purpose', 'sslserver', '-attime', at]
    const run = (name: string[]) =>
      execFileSync(
        'openssl',
        ['verify', '-auth_level', '0', '-CAfile', 'ca.pem', ...checks, ...name, 'leaf.pem'],
        {
          cwd: directory,
          encoding: 'utf8',
        },
      )
    expect(run(['-verify_hostname', 'api'])).toContain('leaf.pem: OK')
    expect(run(['-verify_ip', 'fd00::1'])).toContain('leaf.pem: OK')
  } finally {
    rmSync(directory, { recursive: true })
  }
})
