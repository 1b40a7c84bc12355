import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { PkiError } from '../../../src/errors.ts'
import {
  certificateTexts,
  parseCertificate,
  parseCertificates,
} from '../../../src/pki/encoding/certificate.ts'
import { encodePrivateKey, keyTexts, readPrivateKey } from '../../../src/pki/encoding/pem-contents.ts'
import { observedState, testKeys } from './support.ts'

const bundle = observedState().desiredState.certificatesBundle
const one = bundle['kube-ca']?.certificatePEM ?? ''
const other = bundle['kube-admin']?.certificatePEM ?? ''
let key = ''

beforeAll(async () => {
  key = await testKeys().generate()
})

test('of several certificates in a text, the first counts and comes back alone', () => {
  expect(parseCertificate(`some words\n${one}${other}`).pem).toBe(one)
  expect(parseCertificate(`${key}${other}${one}`).pem).toBe(other)
})

test('a certificate block with headers is passed over', () => {
  const withHeaders = one.replace('CERTIFICATE-----\n', 'CERTIFICATE-----\nProc-Type: 4\n\n')
  expect(parseCertificate(`${withHeaders}${other}`).pem).toBe(other)
})

test('Windows line ends, blanks at line ends and text of other programs do not matter', () => {
  const bag = (text: string): string =>
    `Bag Attributes\n    localKeyID: 01 \n${text.replaceAll('\n', ' \r\n')}`
  expect(parseCertificate(bag(one)).pem).toBe(one)
  expect(encodePrivateKey(readPrivateKey(bag(key), 'key'))).toBe(key)
})

test.each(['', 'no PEM', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
  'text %j is refused as a certificate, by name',
  (text) => {
    expect(() => parseCertificate(text, 'certificate "kube-node"')).toThrow(PkiError)
    expect(() => parseCertificate(text, 'certificate "kube-node"')).toThrow('certificate "kube-node"')
  },
)

test('keys are read as PKCS#1 and PKCS#8, and written as PKCS#1', () => {
  const pkcs8 = String(createPrivateKey(key).export({ type: 'pkcs8', format: 'pem' }))
  const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n'
  expect(encodePrivateKey(readPrivateKey(key, 'key'))).toBe(key)
  expect(encodePrivateKey(readPrivateKey(parameters + pkcs8, 'key'))).toBe(key)
})

test('a key that is not RSA is refused, by name and without showing it', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }))
  expect(() => readPrivateKey(pem, 'key of "kube-node"')).toThrow(
    'key of "kube-node": the private key is ec, not RSA',
  )
})

test('text without a key is refused, by name and without showing it', () => {
  expect(() => readPrivateKey('hunter2', 'key of "kube-node"')).toThrow('key of "kube-node"')
  expect(() => readPrivateKey('hunter2', 'key of "kube-node"')).not.toThrow('hunter2')
  const broken = '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n'
  expect(() => readPrivateKey(broken, 'key of "kube-node"')).toThrow('cannot be read')
})

test('all certificates of a text are read in their order, and written without the text around them', () => {
  const text = `old authority\n${one}\nnew authority\n${other}`
  expect(parseCertificates(text).map(({ pem }) => pem)).toEqual([one, other])
  expect(certificateTexts(text)).toBe(`${one}${other}`)
})

test('a key keeps the public keys behind it, whatever other blocks there are', async () => {
  const publicKey = String(
    createPublicKey(await testKeys(1).generate()).export({ type: 'spki', format: 'pem' }),
  )
  expect(keyTexts(`${one}${key}old key\n${publicKey}`, 'key')).toBe(`${key}${publicKey}`)
  expect(encodePrivateKey(readPrivateKey(`${publicKey}${key}`, 'key'))).toBe(key)
})
