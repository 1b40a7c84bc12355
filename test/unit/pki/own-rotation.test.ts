import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseCertificates } from '../../../src/pki/encoding/certificate.ts'
import type { CertificateConfig } from '../../../src/pki/encoding/certificate-config.ts'
import type { CertificatesBundle } from '../../../src/pki/encoding/certificate-entry.ts'
import { RKE_VALIDITY } from '../../../src/pki/issue/validity.ts'
import { readAuthority } from '../../../src/pki/own/own-authority.ts'
import { bundleOfStage } from '../../../src/pki/rotation/bundle-of-stage.ts'
import { makeNextAuthorities, type NextAuthorities } from '../../../src/pki/rotation/next-authorities.ts'
import { ROTATION_STAGES, type RotationStage, stageOf } from '../../../src/pki/rotation/rotation-stages.ts'
import { whyNotVouchedFor } from '../../../src/pki/rotation/vouching.ts'
import { Secret } from '../../../src/secret.ts'
import { openCompany } from './own-ca.ts'
import { configOf, ensure, entryIn, node, testKeys } from './support.ts'

const kept = configOf([node('10.0.0.1', ['controlplane', 'etcd', 'worker'])])
const external: CertificateConfig = { ...kept, certificates: { caKey: 'external' } }
const now = new Date(Date.now() + 60_000)
const company = openCompany()
afterAll(company.close)

const own = (name: string) =>
  readAuthority(
    {
      certificates: { name: 'ca.pem', text: `${company.authority(name, { by: 'Root' })}${root}` },
      key: { name: 'ca.key', text: new Secret(company.key(name)) },
    },
    kept,
    now,
  )
let root: string
let next: NextAuthorities
beforeAll(async () => {
  root = company.authority('Root')
  next = await makeNextAuthorities(testKeys(40), now, RKE_VALIDITY, {
    authority: own('Issuing'),
    isKeyExternal: true,
  })
})

const of = (bundle: CertificatesBundle, name: string): readonly string[] =>
  parseCertificates(entryIn(bundle, name).certificatePEM).map(({ subject }) => subject.commonName)

function bundle(
  stage: RotationStage,
  from: CertificatesBundle,
  authority = own('Issuing'),
  config = external,
) {
  const request = {
    config,
    keys: testKeys(60),
    clock: () => now,
    localKubeconfigPath: './kube_config_cluster.yml',
  }
  return bundleOfStage(stage, from, next, { ...request, authority }).then((made) => made.bundle)
}

describe('from the program’s CA to one of the user’s own, whose key is external', () => {
  test('goes through the same stages, and ends with the chain and without the key', async () => {
    const before = (await ensure(kept, { now })).bundle
    const trust = await bundle('trust', before)
    expect(of(trust, 'kube-ca')).toEqual(['kube-ca', 'Issuing', 'Root'])
    const issue = await bundle('issue', trust)
    expect(of(issue, 'kube-ca').slice(0, 3)).toEqual(['Issuing', 'Root', 'kube-ca'])
    const finish = await bundle('finish', issue)
    expect(of(finish, 'kube-ca')).toEqual(['Issuing', 'Root'])
    expect(of(finish, 'kube-apiserver')).toEqual(['kube-apiserver', 'Issuing'])
    expect([trust, issue, finish].map((each) => stageOf(each, next))).toEqual(['trust', 'issue', 'finish'])
    for (const made of [issue, finish]) expect(entryIn(made, 'kube-ca').keyPEM).toBe('')
    const [leaf, ...sent] = parseCertificates(entryIn(finish, 'kube-apiserver').certificatePEM)
    expect(company.verify(leaf.pem, root, sent.map(({ pem }) => pem).join(''), 'sslserver')).toContain('OK')
    // The next plain run has nothing to do, and needs no key.
    expect((await ensure(external, { now, existing: finish, keys: testKeys(80) })).changes).toEqual([])
  })

  test('needs the key only where the new CA issues', async () => {
    const nothing = {}
    const before = (await ensure(kept, { now })).bundle
    const trust = await bundle('trust', before, nothing)
    await expect(bundle('issue', trust, nothing)).rejects.toThrow(
      'these certificates must be issued: kube-apiserver',
    )
    const issue = await bundle('issue', trust)
    await expect(bundle('finish', issue, nothing)).resolves.toBeDefined()
  })
})

test('a cluster whose CA has its key elsewhere, or nowhere, gets another CA without that key', async () => {
  const authority = own('Former')
  const before = (await ensure(external, { now, authority })).bundle
  for (const config of [kept, external]) {
    const trust = await bundle('trust', before, authority, config)
    expect(of(trust, 'kube-ca')).toEqual(['Former', 'Root', 'Issuing'])
    const issue = await bundle('issue', trust)
    expect(of(await bundle('finish', issue), 'kube-ca')).toEqual(['Issuing', 'Root'])
  }
})

const isTrusted = (made: CertificatesBundle, trusted: string, by: string): boolean => {
  const [leaf, ...sent] = parseCertificates(entryIn(made, by).certificatePEM).map(({ pem }) => pem)
  try {
    return company.verify(leaf ?? '', trusted, sent.join(''), 'sslserver').includes('OK')
  } catch {
    return false
  }
}

test.each([
  ['', 'undefined', true],
  [',pathlen:1', 'undefined', true],
  [',pathlen:0', 'path-length', false],
])(
  'who trusts only a CA of the user’s own with CA:TRUE%s believes the next one while both are trusted: %s',
  async (length, why, believed) => {
    const text = company.authority('Old', {
      extensions: [`basicConstraints=critical,CA:TRUE${length}`, 'keyUsage=critical,keyCertSign'],
    })
    const key = { name: 'ca.key', text: new Secret(company.key('Old')) }
    const authority = readAuthority({ certificates: { name: 'old.pem', text }, key }, kept, now)
    const before = (await ensure(kept, { now, authority })).bundle
    const to = await makeNextAuthorities(testKeys(40), new Date())
    const request = {
      config: kept,
      keys: testKeys(60),
      clock: () => new Date(),
      localKubeconfigPath: './kube_config',
    }
    const trust = (await bundleOfStage('trust', before, to, request)).bundle
    const issue = (await bundleOfStage('issue', trust, to, request)).bundle
    expect(String(whyNotVouchedFor(before['kube-ca'], to['kube-ca']))).toBe(why)
    expect(isTrusted(before, text, 'kube-apiserver')).toBe(true)
    expect(isTrusted(issue, text, 'kube-apiserver')).toBe(believed)
    expect(isTrusted(issue, entryIn(trust, 'kube-ca').certificatePEM, 'kube-apiserver')).toBe(true)
    expect(of(issue, 'kube-ca')).toHaveLength(believed ? 3 : 2)
  },
)

test('a CA that signs nothing here vouches for none but those that it has signed already', async () => {
  const before = (await ensure(external, { now, authority: own('Former') })).bundle
  const given = { authority: own('Issuing'), isKeyExternal: true }
  const to = await makeNextAuthorities(testKeys(40), now, RKE_VALIDITY, given)
  expect(whyNotVouchedFor(before['kube-ca'], to['kube-ca'])).toBe('no-key')
  const rootAlone = { ...entryIn(before, 'kube-ca'), certificatePEM: root }
  expect(whyNotVouchedFor(rootAlone, to['kube-ca'])).toBeUndefined()
})

test('a CA that is trusted already needs nobody who vouches for it', async () => {
  const extensions = ['basicConstraints=critical,CA:TRUE,pathlen:0', 'keyUsage=critical,keyCertSign']
  const text = `${company.authority('Last', { by: 'Root', extensions })}${root}`
  const key = { name: 'ca.key', text: new Secret(company.key('Last')) }
  const authority = readAuthority({ certificates: { name: 'last.pem', text }, key }, kept, now)
  const before = (await ensure(kept, { now, authority })).bundle
  const rootKey = { name: 'root.key', text: new Secret(company.key('Root')) }
  const above = readAuthority({ certificates: { name: 'root.pem', text: root }, key: rootKey }, kept, now)
  const given = { authority: above, isKeyExternal: false }
  const to = await makeNextAuthorities(testKeys(40), now, RKE_VALIDITY, given)
  expect(whyNotVouchedFor(before['kube-ca'], to['kube-ca'])).toBeUndefined()
  const request = { config: kept, keys: testKeys(60), clock: () => now, localKubeconfigPath: './kube_config' }
  const trust = (await bundleOfStage('trust', before, to, request)).bundle
  const issue = (await bundleOfStage('issue', trust, to, request)).bundle
  expect(of(issue, 'kube-ca')).toEqual(['Root', 'Last'])
  expect(isTrusted(issue, entryIn(before, 'kube-ca').certificatePEM, 'kube-apiserver')).toBe(true)
})

test('a CA that was trusted before, as one above, is at no stage before its rotation has begun', async () => {
  const before = (await ensure(external, { now, authority: own('Former') })).bundle
  const rootKey = new Secret(company.key('Root'))
  const authority = readAuthority(
    { certificates: { name: 'root.pem', text: root }, key: { name: 'root.key', text: rootKey } },
    kept,
    now,
  )
  const to = await makeNextAuthorities(testKeys(40), now, RKE_VALIDITY, { authority, isKeyExternal: false })
  const request = { config: kept, keys: testKeys(60), clock: () => now, localKubeconfigPath: './kube_config' }
  expect(stageOf(before, to)).toBeUndefined()
  let from = before
  for (const stage of ROTATION_STAGES) {
    from = (await bundleOfStage(stage, from, to, { ...request, authority })).bundle
    expect(stageOf(from, to)).toBe(stage)
  }
  expect(of(from, 'kube-ca')).toEqual(['Root'])
})
