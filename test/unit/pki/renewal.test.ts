import { beforeAll, expect, test } from 'vitest'
import { isSignedBy } from '../../../src/pki/encoding/certificate.ts'
import type { CertificatesBundle } from '../../../src/pki/encoding/certificate-entry.ts'
import { certificatesToRenew } from '../../../src/pki/issue/renewal.ts'
import { certificateIn, configOf, ensure, entryIn, node, testKeys } from './support.ts'

const config = configOf([node('10.0.0.1', ['controlplane', 'etcd']), node('10.0.0.2', ['etcd', 'worker'])])
const serving = configOf(config.nodes, { kubelet: { generateServingCertificate: true } })
const TOKEN = 'kube-service-account-token'
const CAS = ['kube-apiserver-requestheader-ca', 'kube-ca']
let bundle: CertificatesBundle

beforeAll(async () => {
  bundle = (await ensure(config)).bundle
})

const renewalOf = (services: readonly string[], rotateCa = false, of = config) =>
  certificatesToRenew({ config: of, services, rotateCa })

const renew = (names: ReadonlySet<string>) =>
  ensure(config, { existing: bundle, renew: names, keys: testKeys(20) })

test('renewing everything keeps both authorities and the token entry, and makes all other keys new', async () => {
  const { bundle: after, changes } = await renew(renewalOf([]))
  for (const name of [...CAS, TOKEN]) expect(entryIn(after, name), name).toEqual(entryIn(bundle, name))
  const others = Object.keys(bundle).filter((name) => ![...CAS, TOKEN].includes(name))
  for (const name of others) expect(entryIn(after, name).keyPEM, name).not.toBe(entryIn(bundle, name).keyPEM)
  expect(changes.map((change) => change.name).sort()).toEqual(others)
  expect(changes.every((change) => change.because === 'its renewal was asked for')).toBe(true)
})

test('renewing the authorities renews all but the token entry', async () => {
  const { bundle: after } = await renew(renewalOf(['etcd'], true))
  expect(entryIn(after, TOKEN)).toEqual(entryIn(bundle, TOKEN))
  for (const name of Object.keys(bundle).filter((one) => one !== TOKEN)) {
    expect(entryIn(after, name).keyPEM, name).not.toBe(entryIn(bundle, name).keyPEM)
    const ca = name.startsWith('kube-apiserver-') ? 'kube-apiserver-requestheader-ca' : 'kube-ca'
    expect(isSignedBy(certificateIn(after, name), certificateIn(after, ca)), name).toBe(true)
  }
})

test.each([
  ['kube-apiserver', ['kube-apiserver']],
  ['kube-proxy', ['kube-proxy']],
  ['kubelet', ['kube-node']],
  ['etcd', ['kube-etcd-10-0-0-1', 'kube-etcd-10-0-0-2']],
])('rotating %s renews %j', (service, names) => {
  expect([...renewalOf([service])]).toEqual(names)
})

test('rotating the kubelet renews serving certificates where there are any', () => {
  expect([...renewalOf(['kubelet'], false, serving)]).toEqual([
    'kube-node',
    'kube-kubelet-10-0-0-1',
    'kube-kubelet-10-0-0-2',
  ])
})

test('an empty service name counts as none', () => {
  expect(renewalOf([''])).toEqual(renewalOf([]))
})

test('an unknown service is refused', () => {
  expect(() => renewalOf(['kube-proxy', 'kube-dns'])).toThrow('kube-dns')
})
