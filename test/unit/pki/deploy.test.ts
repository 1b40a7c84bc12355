import { beforeAll, describe, expect, test } from 'vitest'
import { mustOverwrite, reconnectsFor, restartsFor } from '../../../src/pki/distribution/deploy.ts'
import type { CertificateEntry, CertificatesBundle } from '../../../src/pki/encoding/certificate-entry.ts'
import { configOf, ensure, entryIn, node, noKeys, testKeys } from './support.ts'

const MASTER = node('10.0.0.1', ['controlplane', 'etcd'])
const ETCD = node('10.0.0.2', ['etcd'])
const WORKER = node('10.0.0.3', ['worker'])
const config = configOf([MASTER, ETCD, WORKER])
let bundle: CertificatesBundle

beforeAll(async () => {
  bundle = (await ensure(config)).bundle
})

function withChange(name: string, entry: Partial<CertificateEntry> = { certificatePEM: 'another' }) {
  return { before: bundle, after: { ...bundle, [name]: { ...entryIn(bundle, name), ...entry } } }
}

describe('forcing files onto nodes', () => {
  test('happens when the API server’s certificate changes', () => {
    expect(mustOverwrite(withChange('kube-apiserver'))).toBe(true)
  })

  test.each(['kube-etcd-10-0-0-1', 'kube-node', 'kube-scheduler', 'kube-apiserver-proxy-client'])(
    'happens when %s gets another key, which only a rotation gives it',
    (name) => {
      const renewed = { certificatePEM: 'another', keyPEM: 'another' }
      expect(mustOverwrite(withChange(name, renewed))).toBe(true)
      expect(mustOverwrite(withChange(name))).toBe(false)
    },
  )

  test('happens when an authority changes, also one whose key stays', () => {
    expect(mustOverwrite(withChange('kube-ca'))).toBe(true)
    expect(mustOverwrite(withChange('kube-apiserver-requestheader-ca'))).toBe(true)
  })

  test('does not happen for the administrator, of whom no node has a file', () => {
    expect(mustOverwrite(withChange('kube-admin', { certificatePEM: 'another', keyPEM: 'another' }))).toBe(
      false,
    )
  })

  test('happens when a kubelet gets other names, and its kubelet alone is restarted', async () => {
    const serving = { kubelet: { generateServingCertificate: true } }
    const { bundle: before } = await ensure(configOf([MASTER, WORKER], serving))
    const renamed = { ...WORKER, hostnameOverride: 'node-b' }
    const changed = configOf([MASTER, renamed], serving)
    const { bundle: after, changes } = await ensure(changed, { existing: before, keys: noKeys })
    expect(changes).toEqual([
      { name: 'kube-kubelet-10-0-0-3', kind: 'issued', because: 'its names change: +DNS node-b' },
    ])
    expect(mustOverwrite({ before, after })).toBe(true)
    expect(restartsFor(renamed, { before, after }).map(({ container }) => container)).toEqual(['kubelet'])
    expect(restartsFor(MASTER, { before, after })).toEqual([])
  })

  test('does not happen on a new or unchanged cluster', () => {
    expect(mustOverwrite({ after: bundle })).toBe(false)
    expect(mustOverwrite({ before: bundle, after: bundle })).toBe(false)
  })

  test('does not happen when an etcd node is added', async () => {
    const more = configOf([...config.nodes, node('10.0.0.4', ['etcd'])])
    const { bundle: after } = await ensure(more, { existing: bundle, keys: testKeys(20) })
    expect(after['kube-etcd-10-0-0-1']).not.toEqual(bundle['kube-etcd-10-0-0-1'])
    expect(mustOverwrite({ before: bundle, after })).toBe(false)
  })
})

describe('restarting after certificates changed', () => {
  const containers = (one: typeof MASTER, step: ReturnType<typeof withChange>) =>
    restartsFor(one, step).map((restart) => restart.container)

  test.each([
    [
      'kube-ca',
      ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy'],
      ['kubelet', 'kube-proxy'],
    ],
    ['kube-apiserver', [], []],
    ['kube-apiserver-requestheader-ca', ['kube-apiserver'], []],
    ['kube-apiserver-proxy-client', [], []],
    ['kube-service-account-token', ['kube-apiserver', 'kube-controller-manager'], []],
    ['kube-controller-manager', ['kube-controller-manager'], []],
    ['kube-scheduler', ['kube-scheduler'], []],
    ['kube-proxy', ['kube-proxy'], ['kube-proxy']],
    ['kube-node', ['kubelet'], ['kubelet']],
    ['kube-admin', [], []],
  ])('%s concerns %j on a control plane node and %j on a worker', (name, onMaster, onWorker) => {
    expect(containers(MASTER, withChange(name))).toEqual(onMaster)
    expect(containers(WORKER, withChange(name))).toEqual(onWorker)
  })

  test('etcd and API servers read their certificates and keys as they run, and are not restarted for them', () => {
    const renewed = { certificatePEM: 'another', keyPEM: 'another' }
    for (const name of ['kube-apiserver', 'kube-apiserver-proxy-client', 'kube-etcd-10-0-0-2']) {
      for (const change of [withChange(name), withChange(name, renewed)]) {
        expect(containers(ETCD, change)).toEqual([])
        expect(containers(MASTER, change)).toEqual([])
      }
    }
  })

  test('a new certificate of the API server makes it connect to kubelets again, on its own nodes', () => {
    const reconnects = (one: typeof MASTER, name: string) => reconnectsFor(one, withChange(name))
    expect(reconnects(MASTER, 'kube-apiserver')).toEqual([
      { container: 'kube-apiserver', certificates: ['kube-apiserver'] },
    ])
    expect(reconnects(WORKER, 'kube-apiserver')).toEqual([])
    for (const name of ['kube-node', 'kube-etcd-10-0-0-1', 'kube-admin']) {
      expect(reconnects(MASTER, name)).toEqual([])
    }
    expect(reconnectsFor(MASTER, { after: bundle })).toEqual([])
  })

  test('a new serving certificate of a kubelet restarts that kubelet and no other', async () => {
    const services = { kubelet: { generateServingCertificate: true } }
    const { bundle: before } = await ensure(configOf([MASTER, WORKER], services), { keys: testKeys(20) })
    const name = 'kube-kubelet-10-0-0-3'
    const after = { ...before, [name]: { ...entryIn(before, name), certificatePEM: 'another' } }
    expect(restartsFor(WORKER, { before, after }).map(({ container }) => container)).toEqual(['kubelet'])
    expect(restartsFor(MASTER, { before, after })).toEqual([])
  })

  test('a changed key counts, but not an authority’s', () => {
    const key = { keyPEM: 'another' }
    expect(containers(MASTER, withChange('kube-scheduler', key))).toEqual(['kube-scheduler'])
    expect(containers(MASTER, withChange('kube-ca', key))).toEqual([])
  })

  test('each restart says why', () => {
    expect(restartsFor(WORKER, withChange('kube-node'))).toEqual([
      { container: 'kubelet', certificates: ['kube-node'] },
    ])
  })

  test('a new cluster has nothing to restart', () => {
    expect(restartsFor(MASTER, { after: bundle })).toEqual([])
  })
})
