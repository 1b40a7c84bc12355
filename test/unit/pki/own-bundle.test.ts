import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseCertificates } from '../../../src/pki/encoding/certificate.ts'
import type { CertificatesBundle } from '../../../src/pki/encoding/certificate-entry.ts'
import { type AuthorityFiles, type OwnAuthority, readAuthority } from '../../../src/pki/own/own-authority.ts'
import { Secret } from '../../../src/secret.ts'
import { openCompany } from './own-ca.ts'
import { certificateIn, configOf, ensure, entryIn, node, noKeys, testKeys } from './support.ts'

const nodes = [node('10.0.0.1', ['controlplane', 'etcd', 'worker'])]
const kept = configOf(nodes)
const external = configOf(nodes, {}, { certificates: { caKey: 'external' } })
/** Later than the authorities are made. */
const now = new Date(Date.now() + 60_000)
const company = openCompany()
let root: string
let issuing: string

beforeAll(() => {
  root = company.authority('Root')
  issuing = company.authority('Issuing', { by: 'Root' })
})
afterAll(company.close)

const givenKey = (name = 'Issuing') => ({ name: 'ca.key', text: new Secret(company.key(name)) })
const own = (files: AuthorityFiles, config = external): OwnAuthority => readAuthority(files, config, now)
const chain = () => ({ name: 'ca.pem', text: `${issuing}${root}` })
const both = (): OwnAuthority => own({ certificates: chain(), key: givenKey() })
const keyAlone = (): OwnAuthority => own({ key: givenKey() })

let built: CertificatesBundle
beforeAll(async () => {
  built = (await ensure(external, { now, authority: both() })).bundle
})

const subjects = (bundle: CertificatesBundle, name: string): readonly string[] =>
  parseCertificates(entryIn(bundle, name).certificatePEM).map(({ subject }) => subject.commonName)

describe('a new cluster with an intermediate authority', () => {
  test('trusts what was given, and its servers send what is between', () => {
    expect(subjects(built, 'kube-ca')).toEqual(['Issuing', 'Root'])
    for (const name of ['kube-apiserver', 'kube-etcd-10-0-0-1']) {
      expect(subjects(built, name)).toEqual([certificateIn(built, name).subject.commonName, 'Issuing'])
    }
    expect(subjects(built, 'kube-proxy')).toEqual(['system:kube-proxy'])
  })

  test.each(['kube-apiserver', 'kube-etcd-10-0-0-1'])(
    'OpenSSL believes %s, whether a client trusts the intermediate or the root alone',
    (name) => {
      const [leaf, ...sent] = parseCertificates(entryIn(built, name).certificatePEM)
      const behind = sent.map(({ pem }) => pem).join('')
      expect(company.verify(leaf.pem, root, behind, 'sslserver')).toContain('OK')
      expect(company.verify(leaf.pem, issuing, '', 'sslserver')).toContain('OK')
    },
  )

  test.each(['kube-admin', 'kube-node', 'kube-controller-manager'])(
    'OpenSSL believes the client %s, who sends nothing between',
    (name) => {
      expect(company.verify(certificateIn(built, name).pem, issuing, '', 'sslclient')).toContain('OK')
    },
  )

  test('has a request header authority of its own, which nothing else trusts', () => {
    expect(subjects(built, 'kube-apiserver-requestheader-ca')).toEqual(['kube-apiserver-requestheader-ca'])
    expect(entryIn(built, 'kube-apiserver-requestheader-ca').keyPEM).not.toBe('')
  })

  test('keeps the key in the state, unless cluster.yml says that it is external', async () => {
    expect(entryIn(built, 'kube-ca').keyPEM).toBe('')
    const authority = own({ certificates: chain(), key: givenKey() }, kept)
    const { bundle } = await ensure(kept, { now, authority })
    expect(entryIn(bundle, 'kube-ca').keyPEM).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/)
  })

  test('needs the certificate, and the key', async () => {
    await expect(ensure(external, { now })).rejects.toThrow('the key of the CA is kept elsewhere, and no CA')
    await expect(ensure(external, { now, authority: keyAlone() })).rejects.toThrow('no CA was given')
    const authority = own({ certificates: chain() })
    await expect(ensure(external, { now, authority })).rejects.toThrow(
      'a new CA issues all certificates, and its key was not given',
    )
    await expect(ensure(kept, { now, authority: keyAlone() })).rejects.toThrow('without the CA')
  })
})

describe('a cluster whose CA has its key elsewhere', () => {
  const more = configOf([...nodes, node('10.0.0.2', ['etcd'])], {}, { certificates: { caKey: 'external' } })

  test('needs no key while nothing is issued', async () => {
    const { bundle, changes } = await ensure(external, { now, existing: built, keys: noKeys })
    expect(changes).toEqual([])
    expect(bundle).toEqual(built)
  })

  test('needs none for an administrator who ends in some weeks, and then says so', async () => {
    const { notAfter } = certificateIn(built, 'kube-admin')
    const [before, after] = [-1, 1].map((days) => new Date(notAfter.getTime() + days * 24 * 60 * 60 * 1000))
    await ensure(external, { now: before ?? now, existing: built, keys: noKeys })
    await expect(ensure(external, { now: after ?? now, existing: built })).rejects.toThrow(
      'kube-admin (it ends on',
    )
  })

  test('names what must be issued, and why', async () => {
    await expect(ensure(more, { now, existing: built })).rejects.toThrow(
      /must be issued: kube-etcd-10-0-0-1 \(its names change: \+IP 10\.0\.0\.2\), kube-etcd-10-0-0-2 \(it is missing\)/,
    )
  })

  test('issues with the key of the run, and does not keep it', async () => {
    const { bundle } = await ensure(more, { now, existing: built, authority: keyAlone(), keys: testKeys(20) })
    expect(subjects(bundle, 'kube-etcd-10-0-0-2')).toEqual(['kube-etcd', 'Issuing'])
    expect(entryIn(bundle, 'kube-ca')).toEqual(entryIn(built, 'kube-ca'))
  })

  test('takes no other key, and no other authority', async () => {
    company.authority('Other')
    const other = own({ key: givenKey('Other') })
    await expect(ensure(external, { now, existing: built, authority: other })).rejects.toThrow(
      'ca.key is not the key of CN=Issuing, O=Acme, the CA of the cluster',
    )
    const authority = own({ certificates: { name: 'root.pem', text: root } })
    await expect(ensure(external, { now, existing: built, authority })).rejects.toThrow(
      'the cluster has another CA than CN=Root, O=Acme',
    )
    await ensure(external, { now, existing: built, authority: both(), keys: noKeys })
  })

  test('loses a key that the state has when somebody shows that they have it, too', async () => {
    const withKey = { ...built, 'kube-ca': { ...entryIn(built, 'kube-ca'), keyPEM: company.key('Issuing') } }
    const before = await ensure(external, { now, existing: withKey, keys: noKeys })
    expect(before.changes).toEqual([])
    const after = await ensure(external, { now, existing: withKey, authority: keyAlone(), keys: noKeys })
    expect(after.changes).toEqual([
      { name: 'kube-ca', kind: 'updated', because: 'its key is kept elsewhere from now on' },
    ])
    expect(after.bundle).toEqual(built)
  })
})

test('an authority whose limits a new node does not fit issues nothing for it', async () => {
  const names = ['localhost', 'kubernetes', 'default', 'svc', 'cluster.local'].map(
    (name) => `permitted;DNS:${name}`,
  )
  const limited = company.authority('Limited', {
    by: 'Root',
    extensions: ['basicConstraints=critical,CA:TRUE', `nameConstraints=critical,${names.join(',')}`],
  })
  const authority = readAuthority(
    { certificates: { name: 'ca.pem', text: limited }, key: givenKey('Limited') },
    kept,
    now,
  )
  const { bundle } = await ensure(kept, { now, authority })
  const named = configOf([...nodes, node('node-b.example.org', ['etcd'])])
  await expect(ensure(named, { now, existing: bundle })).rejects.toThrow(
    'do not allow DNS node-b.example.org, which kube-etcd-10-0-0-1 gets',
  )
})
