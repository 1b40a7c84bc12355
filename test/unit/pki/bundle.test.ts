import { beforeAll, describe, expect, test } from 'vitest'
import { PkiError } from '../../../src/errors.ts'
import { isKeyOf, isSignedBy } from '../../../src/pki/encoding/certificate.ts'
import type { CertificateEntry, CertificatesBundle } from '../../../src/pki/encoding/certificate-entry.ts'
import { readPrivateKey } from '../../../src/pki/encoding/pem-contents.ts'
import { withAdminServer } from '../../../src/pki/issue/admin.ts'
import type { EnsuredBundle } from '../../../src/pki/issue/bundle.ts'
import { certificateIn, configOf, DAY_MS, ensure, entryIn, NOW, node, noKeys, testKeys } from './support.ts'

const ONE = node('10.0.0.1', ['controlplane', 'etcd'], { hostnameOverride: 'one' })
const TWO = node('10.0.0.2', ['controlplane', 'etcd'])
const THREE = node('10.0.0.3', ['etcd'])
const WORKER = node('10.0.0.9', ['worker'])
const ALL = configOf([ONE, TWO, THREE, WORKER])
let made: EnsuredBundle
let bundle: CertificatesBundle

beforeAll(async () => {
  made = await ensure(ALL)
  bundle = made.bundle
})

function changed(
  from: CertificatesBundle,
  name: string,
  entry: Partial<CertificateEntry>,
): CertificatesBundle {
  return { ...from, [name]: { ...entryIn(from, name), ...entry } }
}

describe('a new cluster', () => {
  test('of one node has exactly the eleven certificates', async () => {
    const { bundle } = await ensure(configOf([ONE]))
    expect(Object.keys(bundle)).toEqual([
      'kube-admin',
      'kube-apiserver',
      'kube-apiserver-proxy-client',
      'kube-apiserver-requestheader-ca',
      'kube-ca',
      'kube-controller-manager',
      'kube-etcd-10-0-0-1',
      'kube-node',
      'kube-proxy',
      'kube-scheduler',
      'kube-service-account-token',
    ])
  })

  test('has a key of its own for every certificate', () => {
    const keys = Object.values(bundle).map((entry) => entry.keyPEM)
    expect(new Set(keys).size).toBe(keys.length)
    for (const name of Object.keys(bundle)) {
      const key = readPrivateKey(entryIn(bundle, name).keyPEM, name)
      expect(isKeyOf(certificateIn(bundle, name), key), name).toBe(true)
    }
  })

  test('has every certificate signed by, and beginning with, its authority', () => {
    for (const name of Object.keys(bundle)) {
      const ca = certificateIn(
        bundle,
        name.startsWith('kube-apiserver-') ? 'kube-apiserver-requestheader-ca' : 'kube-ca',
      )
      expect(isSignedBy(certificateIn(bundle, name), ca), name).toBe(true)
      expect(certificateIn(bundle, name).notBefore, name).toEqual(ca.notBefore)
    }
  })

  test('says why each was made, in the order of making', () => {
    expect(made.changes[0]).toEqual({ name: 'kube-ca', kind: 'issued', because: 'the cluster is new' })
    expect(made.changes.map((change) => change.name).slice(-4)).toEqual([
      'kube-apiserver-proxy-client',
      'kube-etcd-10-0-0-1',
      'kube-etcd-10-0-0-2',
      'kube-etcd-10-0-0-3',
    ])
  })

  test('has a token certificate without names, since only its key is used', () => {
    const token = certificateIn(bundle, 'kube-service-account-token')
    expect(token.subject.commonName).toBe('kube-service-account-token')
    expect(token.names.dnsNames).toEqual([])
  })
})

describe('a second run', () => {
  test('without a change returns every entry as it was and makes no key', async () => {
    const later = new Date(NOW.getTime() + 400 * DAY_MS)
    const again = await ensure(ALL, { existing: bundle, keys: noKeys, now: later })
    expect(again.changes).toEqual([])
    expect(again.bundle).toEqual(bundle)
  })

  test('accepts keys that certificates share, as the original program makes them', async () => {
    const apiServer = entryIn(bundle, 'kube-apiserver')
    const proxyKey = entryIn(bundle, 'kube-proxy').keyPEM
    const shared = changed(
      changed(bundle, 'kube-service-account-token', {
        certificatePEM: apiServer.certificatePEM,
        keyPEM: apiServer.keyPEM,
      }),
      'kube-node',
      { keyPEM: proxyKey },
    )
    const again = await ensure(ALL, { existing: shared, keys: noKeys })
    expect(again.changes).toEqual([])
    expect(again.bundle).toEqual(shared)
  })

  test('with the nodes in another order issues nothing', async () => {
    const swapped = configOf([TWO, THREE, ONE, WORKER])
    expect((await ensure(swapped, { existing: bundle, keys: noKeys })).changes).toEqual([])
  })

  test('keeps entries that this program does not know', async () => {
    const other = { ...entryIn(bundle, 'kube-proxy'), name: 'my-own' }
    const again = await ensure(ALL, { existing: { ...bundle, 'my-own': other }, keys: noKeys })
    expect(again.bundle['my-own']).toEqual(other)
    expect(again.changes).toEqual([])
  })

  test('fills in what a state file leaves out', async () => {
    const poor = changed(bundle, 'kube-proxy', { config: '', configPath: '', commonName: '' })
    const again = await ensure(ALL, { existing: poor, keys: noKeys })
    expect(again.bundle).toEqual(bundle)
    expect(again.changes.map((change) => [change.name, change.kind])).toEqual([['kube-proxy', 'updated']])
  })

  test('keeps the state’s naming of certificates that came from a directory', async () => {
    const custom = changed(bundle, 'kube-scheduler', { commonName: 'kube-scheduler' })
    expect((await ensure(ALL, { existing: custom, keys: noKeys })).bundle).toEqual(custom)
  })
})

describe('changed nodes', () => {
  test('a new control plane node changes the API server’s certificate, not its key, and says how', async () => {
    const more = configOf([ONE, TWO, THREE, WORKER, node('10.0.0.4', ['controlplane'])])
    const again = await ensure(more, { existing: bundle, keys: noKeys })
    expect(again.changes).toEqual([
      { name: 'kube-apiserver', kind: 'issued', because: 'its names change: +IP 10.0.0.4' },
    ])
    expect(entryIn(again.bundle, 'kube-apiserver').keyPEM).toBe(entryIn(bundle, 'kube-apiserver').keyPEM)
    expect(certificateIn(again.bundle, 'kube-apiserver').names.ips).toContain('10.0.0.4')
  })

  test('a new etcd node changes all etcd certificates, with the old keys, and nothing else', async () => {
    const more = configOf([ONE, TWO, THREE, WORKER, node('10.0.0.4', ['etcd'])])
    const again = await ensure(more, { existing: bundle, keys: testKeys(20) })
    expect(again.changes.map((change) => change.name)).toEqual([
      'kube-etcd-10-0-0-1',
      'kube-etcd-10-0-0-2',
      'kube-etcd-10-0-0-3',
      'kube-etcd-10-0-0-4',
    ])
    for (const name of ['kube-etcd-10-0-0-1', 'kube-etcd-10-0-0-2', 'kube-etcd-10-0-0-3']) {
      expect(entryIn(again.bundle, name).keyPEM).toBe(entryIn(bundle, name).keyPEM)
    }
  })

  test('a removed etcd node loses its entry', async () => {
    const again = await ensure(configOf([ONE, TWO, WORKER]), { existing: bundle, keys: noKeys })
    expect(again.bundle['kube-etcd-10-0-0-3']).toBeUndefined()
    expect(again.changes).toContainEqual({
      name: 'kube-etcd-10-0-0-3',
      kind: 'removed',
      because: 'no node needs it any more',
    })
  })

  test('serving certificates come for every node when they are asked for, and go again', async () => {
    const nodes = [ONE, TWO, THREE, WORKER]
    const serving = configOf(nodes, { kubelet: { generateServingCertificate: true } })
    const withThem = await ensure(serving, { existing: bundle, keys: testKeys(20) })
    const expected = nodes.map((one) => `kube-kubelet-${one.address.replaceAll('.', '-')}`)
    expect(withThem.changes.map((change) => change.name)).toEqual(expected)
    expect(certificateIn(withThem.bundle, 'kube-kubelet-10-0-0-1').names).toEqual({
      dnsNames: ['one'],
      ips: ['10.0.0.1'],
    })
    const without = await ensure(ALL, { existing: withThem.bundle, keys: noKeys })
    expect(without.bundle).toEqual(bundle)
    expect(without.changes.map((change) => change.kind)).toEqual(['removed', 'removed', 'removed', 'removed'])
  })
})

describe('a state that lacks something', () => {
  test('a missing certificate is issued with the key it had', async () => {
    const poor = changed(bundle, 'kube-node', { certificatePEM: '' })
    const again = await ensure(ALL, { existing: poor, keys: noKeys })
    expect(again.changes).toEqual([{ name: 'kube-node', kind: 'issued', because: 'it is missing' }])
    expect(entryIn(again.bundle, 'kube-node').keyPEM).toBe(entryIn(bundle, 'kube-node').keyPEM)
  })

  test('a cluster without a token key goes on signing tokens with the API server’s key', async () => {
    const { 'kube-service-account-token': _, ...old } = bundle
    const again = await ensure(ALL, { existing: old, keys: noKeys })
    expect(entryIn(again.bundle, 'kube-service-account-token').keyPEM).toBe(
      entryIn(bundle, 'kube-apiserver').keyPEM,
    )
  })

  test('a missing request header authority is made, and its certificate with it', async () => {
    const { 'kube-apiserver-requestheader-ca': _, ...old } = bundle
    const again = await ensure(ALL, { existing: old, keys: testKeys(20) })
    expect(again.changes.map((change) => change.name)).toEqual([
      'kube-apiserver-requestheader-ca',
      'kube-apiserver-proxy-client',
    ])
  })

  test.each([
    ['kube-ca', { certificatePEM: '' }, 'CA Certificate or Key is empty'],
    ['kube-ca', { keyPEM: '' }, 'CA Certificate or Key is empty'],
    ['kube-apiserver-requestheader-ca', { keyPEM: '' }, 'Request Header CA Certificate or Key is empty'],
  ])('a %s that cannot sign ends the run and is never replaced', async (name, entry, message) => {
    const run = ensure(ALL, { existing: changed(bundle, name, entry), keys: testKeys(20) })
    await expect(run).rejects.toThrow(message)
    await expect(run).rejects.toBeInstanceOf(PkiError)
  })

  test('an empty bundle is not taken for a new cluster', async () => {
    await expect(ensure(ALL, { existing: {} })).rejects.toThrow('CA Certificate or Key is empty')
  })

  test.each([
    ['kube-scheduler', { certificatePEM: 'garbage' }, 'certificate "kube-scheduler" in the state'],
    ['kube-scheduler', { keyPEM: 'garbage' }, 'key of certificate "kube-scheduler" in the state'],
    ['kube-ca', { keyPEM: 'garbage' }, 'key of certificate "kube-ca" in the state'],
    ['kube-service-account-token', { keyPEM: 'garbage' }, 'key of certificate "kube-service-account-token"'],
  ])('an entry %s that cannot be read is named, not replaced', async (name, entry, message) => {
    const run = ensure(ALL, { existing: changed(bundle, name, entry), keys: testKeys(20) })
    await expect(run).rejects.toThrow(message)
    await expect(run).rejects.toBeInstanceOf(PkiError)
  })
})

describe('the administrator', () => {
  const server = (from: CertificatesBundle) => /server: "(.*)"/.exec(entryIn(from, 'kube-admin').config)?.[1]

  test('is led to the first control plane node', () => {
    expect(server(bundle)).toBe('https://10.0.0.1:6443')
  })

  test('stays with a node that an earlier run chose', async () => {
    const chosen = withAdminServer(bundle, '10.0.0.2', 'local')
    expect(server(chosen)).toBe('https://10.0.0.2:6443')
    const again = await ensure(ALL, { existing: chosen, keys: noKeys })
    expect(again.changes).toEqual([])
    expect(server(again.bundle)).toBe('https://10.0.0.2:6443')
  })

  test('is led elsewhere when that node has gone', async () => {
    const chosen = withAdminServer(bundle, '10.0.0.2', 'local')
    const again = await ensure(configOf([ONE, THREE, WORKER]), { existing: chosen, keys: noKeys })
    expect(server(again.bundle)).toBe('https://10.0.0.1:6443')
  })

  test('has no kubeconfig without a control plane', async () => {
    const { bundle } = await ensure(configOf([THREE]))
    expect(entryIn(bundle, 'kube-admin').config).toBe('')
    expect(entryIn(bundle, 'kube-admin').configPath).toBe('/etc/kubernetes/ssl/kubecfg-kube-admin.yaml')
  })

  test('gets a new certificate with the old key when the old one ends within 90 days', async () => {
    const before = new Date(NOW.getTime() + (3650 - 91) * DAY_MS)
    expect((await ensure(ALL, { existing: bundle, keys: noKeys, now: before })).changes).toEqual([])
    const soon = new Date(NOW.getTime() + (3650 - 89) * DAY_MS)
    const again = await ensure(ALL, { existing: bundle, keys: noKeys, now: soon })
    expect(again.changes).toEqual([{ name: 'kube-admin', kind: 'issued', because: 'it ends on 2037-02-26' }])
    expect(entryIn(again.bundle, 'kube-admin').keyPEM).toBe(entryIn(bundle, 'kube-admin').keyPEM)
    expect(again.bundle['kube-admin']?.config).not.toBe(bundle['kube-admin']?.config)
  })

  test('gets a new certificate when another authority signed the old one', async () => {
    const other = await ensure(ALL, { keys: testKeys(20) })
    const { certificatePEM, keyPEM } = entryIn(other.bundle, 'kube-admin')
    const again = await ensure(ALL, {
      existing: changed(bundle, 'kube-admin', { certificatePEM, keyPEM }),
      keys: noKeys,
    })
    expect(again.changes).toEqual([
      { name: 'kube-admin', kind: 'issued', because: 'it is not signed by the present kube-ca' },
    ])
  })

  test('keeps the recorded place of the kubeconfig, which in a state of RKE may be another one', async () => {
    const again = await ensure(ALL, {
      existing: bundle,
      keys: noKeys,
      localKubeconfigPath: '/a/kube_config_b.yml',
    })
    expect(again.changes).toEqual([])
  })
})

describe('an etcd that somebody else runs', () => {
  const nodes = [node('10.0.0.1', ['controlplane'])]

  test('gives its certificates from cluster.yml', async () => {
    const { certificatePEM: cert, keyPEM: key } = entryIn(bundle, 'kube-node')
    const caCert = entryIn(bundle, 'kube-ca').certificatePEM
    const etcd = { externalUrls: ['https://etcd:2379'], caCert: `${caCert}${cert}`, cert, key }
    const config = configOf(nodes, { etcd })
    const first = await ensure(config)
    expect(entryIn(first.bundle, 'kube-etcd-client')).toMatchObject({
      certificatePEM: cert,
      keyPEM: key,
      config: '',
    })
    expect(entryIn(first.bundle, 'kube-etcd-client-ca')).toMatchObject({ certificatePEM: caCert, keyPEM: '' })
    expect((await ensure(config, { existing: first.bundle, keys: noKeys })).changes).toEqual([])
    const without = await ensure(configOf(nodes), { existing: first.bundle, keys: noKeys })
    expect(without.changes.map(({ name, kind }) => [name, kind])).toEqual([
      ['kube-etcd-client', 'removed'],
      ['kube-etcd-client-ca', 'removed'],
    ])
  })

  test('is refused, by key of cluster.yml, when a certificate cannot be read', async () => {
    const config = configOf(nodes, { etcd: { externalUrls: ['https://etcd:2379'], cert: 'x', key: 'y' } })
    await expect(ensure(config)).rejects.toThrow('services.etcd.cert')
  })
})
