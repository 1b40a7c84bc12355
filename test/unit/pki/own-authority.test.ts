import { createPrivateKey } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OwnAuthority, readAuthority } from '../../../src/pki/own/own-authority.ts'
import { Secret } from '../../../src/secret.ts'
import { type AuthorityParts, openCompany } from './own-ca.ts'
import { configOf, node } from './support.ts'

const config = configOf([node('10.0.0.1', ['controlplane', 'etcd']), node('node-b.example.org', ['worker'])])
const company = openCompany()
let root: string
let issuing: string

beforeAll(() => {
  root = company.authority('Root')
  issuing = company.authority('Issuing', { by: 'Root' })
})
afterAll(company.close)

const read = (certificates: string, key = company.key('Issuing'), now = new Date()): OwnAuthority =>
  readAuthority(
    { certificates: { name: 'ca.pem', text: certificates }, key: { name: 'ca.key', text: new Secret(key) } },
    config,
    now,
  )

const CA = 'basicConstraints=critical,CA:TRUE'
const SIGN = 'keyUsage=critical,keyCertSign'
/** The first authority of a file with such extensions instead of the usual ones, and the root behind it. */
const issuingWith = (extensions: readonly string[], more: AuthorityParts = {}): string =>
  `${company.authority('Issuing', { by: 'Root', extensions, ...more })}${root}`
const rootWith = (extensions: readonly string[]): string => {
  const other = company.authority('Root', { extensions })
  const below = company.authority('Issuing', { by: 'Root' })
  company.authority('Root')
  return `${below}${other}`
}

describe('an authority is taken', () => {
  test('if it is a root', () => {
    expect(read(root, company.key('Root')).certificates).toHaveLength(1)
  })

  test('if it is an intermediate one, alone or with those above it', () => {
    expect(read(issuing).certificates).toHaveLength(1)
    expect(read(`${issuing}${root}`).certificates?.map(({ subject }) => subject.commonName)).toEqual([
      'Issuing',
      'Root',
    ])
  })

  test('if its limits leave room for the cluster', () => {
    const constraints = [
      'permitted;DNS:localhost,permitted;DNS:kubernetes,permitted;DNS:default,permitted;DNS:svc',
      'permitted;DNS:cluster.local,permitted;DNS:example.org',
      'permitted;IP:10.0.0.0/255.0.0.0,permitted;IP:127.0.0.1/255.255.255.255,excluded;DNS:evil.example.org',
    ].join(',')
    const usages = 'extendedKeyUsage=serverAuth,clientAuth,emailProtection'
    expect(() =>
      read(issuingWith([`${CA},pathlen:0`, SIGN, usages, `nameConstraints=critical,${constraints}`])),
    ).not.toThrow()
  })

  test('if only those above it have another kind of key', () => {
    const elliptic = company.authority('Curved root', { curve: 'prime256v1' })
    const below = company.authority('Issuing', { by: 'Curved root' })
    expect(() => read(`${below}${elliptic}`)).not.toThrow()
  })
})

describe('an authority is refused, with the certificate and what is wrong', () => {
  const ISSUING = 'ca.pem: CN=Issuing, O=Acme: '
  test.each<readonly [string, () => string, string]>([
    [
      'no authority',
      () => issuingWith(['basicConstraints=CA:FALSE']),
      `${ISSUING}it is not the certificate of an authority`,
    ],
    [
      'no right to sign',
      () => issuingWith([CA, 'keyUsage=cRLSign']),
      `${ISSUING}its key usage does not allow signing`,
    ],
    [
      'only for servers',
      () => issuingWith([CA, SIGN, 'extendedKeyUsage=serverAuth']),
      `${ISSUING}its extended key usage does not allow certificates of clients (clientAuth)`,
    ],
    [
      'a root above it that allows none between',
      () => rootWith([`${CA},pathlen:0`, SIGN]),
      'ca.pem: CN=Root, O=Acme: its path length is 0, and 1 authority stands between it and the certificates',
    ],
    [
      'names of a company alone',
      () => issuingWith([CA, SIGN, 'nameConstraints=critical,permitted;DNS:example.org']),
      `${ISSUING}its name constraints do not allow DNS localhost, DNS kubernetes`,
    ],
    [
      'no addresses',
      () => issuingWith([CA, SIGN, 'nameConstraints=critical,excluded;IP:0.0.0.0/0.0.0.0']),
      `${ISSUING}its name constraints do not allow IP 10.0.0.1, IP 127.0.0.1, IP 10.43.0.1, which certificates of this cluster have`,
    ],
    [
      'names that Go does not know',
      () => issuingWith([CA, SIGN, 'nameConstraints=critical,permitted;dirName:part\n[part]\nO=Acme']),
      `${ISSUING}its critical extension 2.5.29.30 has contents that Kubernetes does not know`,
    ],
    [
      'extensions that Go does not know',
      () => issuingWith([CA, SIGN, 'policyConstraints=critical,requireExplicitPolicy:3']),
      `${ISSUING}its critical extension 2.5.29.36`,
    ],
    [
      'another issuer behind it',
      () => `${issuing}${company.authority('Other')}`,
      `${ISSUING}it is not signed by the certificate that follows it, CN=Other, O=Acme`,
    ],
    [
      'a curve that Go does not know',
      () => company.authority('Curved', { curve: 'secp256k1' }),
      'CN=Curved, O=Acme: its key is on the curve secp256k1: Kubernetes reads P-256, P-384 and P-521',
    ],
    [
      'such a curve above it',
      () =>
        `${company.authority('Below', { by: 'Curved' })}${company.authority('Curved', { curve: 'secp256k1' })}`,
      'CN=Curved, O=Acme: its key is on the curve secp256k1',
    ],
    [
      'a short key',
      () => company.authority('Short', { bits: 1024 }),
      'its RSA key has 1024 bits: 2048 to 8192',
    ],
    [
      'a certificate that cannot be read',
      () => '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      'ca.pem: the certificate cannot be read',
    ],
    ['no certificate', () => 'text', 'ca.pem: there is no certificate in it'],
  ])('%s', (_, certificates, says) => {
    expect(() => read(certificates())).toThrow(says)
  })

  test('before it is valid, and after', () => {
    const day = 24 * 60 * 60 * 1000
    expect(() => read(issuing, undefined, new Date(Date.now() - day))).toThrow('it is not valid before')
    expect(() => read(issuing, undefined, new Date(Date.now() + 366 * day))).toThrow('it has ended on')
  })

  test('the key of another one, and of one above it', () => {
    company.authority('Other')
    expect(() => read(issuing, company.key('Other'))).toThrow(
      'ca.key is not the key of CN=Issuing, O=Acme, the first certificate in ca.pem',
    )
    expect(() => read(`${issuing}${root}`, company.key('Root'))).toThrow(
      'it belongs to certificate 2 in it (CN=Root, O=Acme), which must be the first',
    )
  })

  test('all that is wrong at once', () => {
    const limits = 'extendedKeyUsage=clientAuth\nnameConstraints=critical,excluded;DNS:localhost'
    const wrong = issuingWith([CA, SIGN, limits])
    expect(() => read(wrong, 'text')).toThrow(/\(serverAuth\)\n.*do not allow DNS localhost, which/)
    expect(() => read(wrong, 'text')).toThrow('ca.key: there is no private key in it')
  })
})

test('a key that is encrypted, or of a kind that Kubernetes does not know, is refused with its kind', () => {
  expect(() => read(issuing, company.key('Issuing').replaceAll('PRIVATE', 'ENCRYPTED PRIVATE'))).toThrow(
    'ca.key: the private key is encrypted',
  )
  company.authority('Curved', { curve: 'secp256k1' })
  expect(() => read(issuing, company.key('Curved'))).toThrow(
    'ca.key: the private key is ec on the curve secp256k1, neither RSA nor EC on P-256, P-384 and P-521',
  )
  const sec1 = '-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n'
  expect(() => read(issuing, sec1)).toThrow('ca.key: the private key cannot be read')
})

test('an elliptic key is taken as OpenSSL writes it, with its parameters before it', () => {
  const elliptic = company.authority('Elliptic', { curve: 'secp384r1' })
  const parameters = '-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n'
  const sec1 = createPrivateKey(company.key('Elliptic')).export({ type: 'sec1', format: 'pem' })
  for (const key of [company.key('Elliptic'), `${parameters}${sec1}`]) {
    expect(read(elliptic, key).key?.text.asymmetricKeyType).toBe('ec')
  }
})
