import { inspect } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { certificateFiles } from '../../../src/pki/distribution/shipping.ts'
import type { CertificatesBundle } from '../../../src/pki/encoding/certificate-entry.ts'
import { configOf, ensure, entryIn, node, observedFile, observedState } from './support.ts'

const { rkeConfig } = observedState().desiredState
const MASTER = node('10.0.0.1', ['controlplane', 'etcd'])
const ETCD = node('10.0.0.2', ['etcd'])
const WORKER = node('10.0.0.3', ['worker'])
const config = configOf([MASTER, ETCD, WORKER], { kubelet: { generateServingCertificate: true } })
let bundle: CertificatesBundle

beforeAll(async () => {
  bundle = (await ensure(config)).bundle
})

const filesFor = (one: typeof MASTER, more: Partial<Parameters<typeof certificateFiles>[0]> = {}) =>
  certificateFiles({ node: one, nodes: config.nodes, bundle, services: config.services, ...more })

const base = (path: string) => path.replace('/etc/kubernetes/ssl/', '')
const names = (one: typeof MASTER) => filesFor(one).map((file) => base(file.path))

test.each(rkeConfig.nodes.map((one) => one.address))(
  'node %s gets the files, owners and modes that the original program leaves',
  async (address) => {
    const one = rkeConfig.nodes.find((candidate) => candidate.address === address)
    if (one === undefined) throw new Error(`no node ${address}`)
    const { bundle } = await ensure(rkeConfig)
    const files = certificateFiles({
      node: one,
      nodes: rkeConfig.nodes,
      bundle,
      services: rkeConfig.services,
    })
    const expected = observedFile(`files-${address}.txt`)
      .split('\n')
      .filter((line) => line.includes('/etc/kubernetes/ssl/'))
    const modes = new Map([[0o600, '-rw-------']])
    expect(
      files.map((file) => `${modes.get(file.mode)} ${file.uid ?? 0}:${file.gid ?? 0} f ${file.path}`),
    ).toEqual(expected)
  },
)

test('the authority’s key goes to control plane nodes only', () => {
  expect(names(MASTER)).toContain('kube-ca-key.pem')
  for (const one of [ETCD, WORKER]) {
    expect(names(one)).toContain('kube-ca.pem')
    expect(names(one)).not.toContain('kube-ca-key.pem')
  }
})

test('the administrator’s certificate goes nowhere', () => {
  for (const one of config.nodes) expect(names(one).filter((name) => name.includes('admin'))).toEqual([])
})

test('an etcd node gets the certificates of all etcd nodes that take part, a worker none', () => {
  const etcd = (files: readonly string[]) => files.filter((name) => name.startsWith('kube-etcd'))
  expect(etcd(names(ETCD))).toEqual([
    'kube-etcd-10-0-0-1-key.pem',
    'kube-etcd-10-0-0-1.pem',
    'kube-etcd-10-0-0-2-key.pem',
    'kube-etcd-10-0-0-2.pem',
  ])
  expect(etcd(filesFor(ETCD, { nodes: [ETCD, WORKER] }).map((file) => base(file.path)))).toEqual([
    'kube-etcd-10-0-0-2-key.pem',
    'kube-etcd-10-0-0-2.pem',
  ])
  expect(etcd(names(WORKER))).toEqual([])
})

test('a node gets the serving certificate and key of its own kubelet, and of no other', () => {
  expect(names(WORKER).filter((name) => name.startsWith('kube-kubelet-'))).toEqual([
    'kube-kubelet-10-0-0-3-key.pem',
    'kube-kubelet-10-0-0-3.pem',
  ])
})

test('a control plane node gets the external etcd’s client certificate', () => {
  const { certificatePEM, keyPEM } = entryIn(bundle, 'kube-node')
  const withClient = {
    ...bundle,
    'kube-etcd-client': { ...entryIn(bundle, 'kube-etcd-10-0-0-1'), certificatePEM, keyPEM },
  }
  const shipped = (one: typeof MASTER) => filesFor(one, { bundle: withClient }).map((file) => base(file.path))
  expect(shipped(MASTER)).toContain('kube-etcd-client-key.pem')
  expect(shipped(ETCD)).not.toContain('kube-etcd-client-key.pem')
})

test('force overwrites certificates and keys, kubeconfigs never change', () => {
  for (const file of filesFor(MASTER)) {
    expect(file.overwrite, file.path).toBe(file.kind === 'kubeconfig' ? 'never' : 'when-forced')
  }
})

test('texts end in exactly one line break, without the text around them', () => {
  const entry = entryIn(bundle, 'kube-node')
  const lines = {
    ...bundle,
    'kube-node': { ...entry, certificatePEM: `CN=node\n${entry.certificatePEM}\n\n` },
  }
  const files = filesFor(WORKER, { bundle: lines })
  const text = (name: string) => files.find((file) => base(file.path) === name)?.content.reveal()
  expect(text('kube-node.pem')).toBe(entry.certificatePEM)
  expect(text('kube-node-key.pem')).toBe(entry.keyPEM)
  expect(text('kubecfg-kube-node.yaml')).toBe(`${entry.config}\n`)
})

test('no key shows when files are printed', () => {
  const printed = inspect(filesFor(MASTER), { depth: null }) + JSON.stringify(filesFor(MASTER))
  expect(printed).not.toContain('PRIVATE KEY')
})

describe('with a user for etcd', () => {
  const access = (one: typeof MASTER, uid: number, gid: number) => {
    const { services } = configOf([], { etcd: { uid, gid } })
    const owner = new Map<string, string>()
    for (const file of filesFor(one, { services })) {
      owner.set(base(file.path), `${file.mode.toString(8)} ${file.uid}:${file.gid}`)
    }
    return owner
  }

  test('etcd’s files are that user’s and it can read the authority', () => {
    const owners = access(MASTER, 52034, 52035)
    expect(owners.get('kube-etcd-10-0-0-2-key.pem')).toBe('600 52034:52035')
    expect(owners.get('kube-ca.pem')).toBe('644 0:0')
    expect(owners.get('kube-ca-key.pem')).toBe('600 0:0')
    expect(owners.get('kube-node.pem')).toBe('600 0:0')
  })

  test('its files keep their owner where there is no such user any more', () => {
    const { services } = configOf([], { etcd: { uid: 0, gid: 0 } })
    const key = filesFor(MASTER, { services }).find(({ path }) => path.endsWith('kube-etcd-10-0-0-2-key.pem'))
    expect(key).toMatchObject({ mode: 0o600 })
    expect([key?.uid, key?.gid]).toEqual([undefined, undefined])
  })

  test('nothing changes where only one of the ids is set, or the node has no etcd', () => {
    expect(access(MASTER, 52034, 0)).toEqual(access(MASTER, 0, 0))
    expect(access(WORKER, 52034, 52035)).toEqual(access(WORKER, 0, 0))
  })
})

test('a node gets all certificates of an entry, and the public keys behind a token key', () => {
  const ca = entryIn(bundle, 'kube-ca')
  const other = entryIn(bundle, 'kube-apiserver-requestheader-ca').certificatePEM
  const token = entryIn(bundle, 'kube-service-account-token')
  const publicKey = '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'
  const both = {
    ...bundle,
    'kube-ca': { ...ca, certificatePEM: `${ca.certificatePEM}${other}` },
    'kube-service-account-token': { ...token, keyPEM: `${token.keyPEM}${publicKey}` },
  }
  const contents = new Map(
    filesFor(MASTER, { bundle: both }).map((file) => [base(file.path), file.content.reveal()]),
  )
  expect(contents.get('kube-ca.pem')).toBe(`${ca.certificatePEM}${other}`)
  expect(contents.get('kube-ca-key.pem')).toBe(ca.keyPEM)
  expect(contents.get('kube-service-account-token-key.pem')).toBe(`${token.keyPEM}${publicKey}`)
})
