import { beforeAll, describe, expect, test } from 'vitest'
import { PkiError } from '../../../src/errors.ts'
import { customBundle } from '../../../src/pki/custom/custom.ts'
import type { CertificatesBundle } from '../../../src/pki/encoding/certificate-entry.ts'
import { configOf, DAY_MS, ensure, entryIn, NOW, node, testKeys } from './support.ts'

const config = configOf([node('10.0.0.1', ['controlplane', 'etcd'])])
let bundle: CertificatesBundle
let other: CertificatesBundle
let files: ReadonlyMap<string, string>

beforeAll(async () => {
  bundle = (await ensure(config)).bundle
  other = (await ensure(config, { keys: testKeys(20) })).bundle
  files = new Map(
    Object.entries(bundle).flatMap(([name, entry]) => [
      [`${name}.pem`, entry.certificatePEM],
      [`${name}-key.pem`, entry.keyPEM],
    ]),
  )
})

function read(
  changes: Readonly<Record<string, string | undefined>> = {},
  now = NOW,
  of = config,
  existing?: CertificatesBundle,
) {
  const changed = new Map(files)
  for (const [name, text] of Object.entries(changes)) {
    if (text === undefined) changed.delete(name)
    else changed.set(name, text)
  }
  return customBundle({
    files: changed,
    config: of,
    now,
    existing,
    localKubeconfigPath: './kube_config_cluster.yml',
  })
}

test('a complete directory becomes the bundle, with its own naming in the state', () => {
  const { bundle: custom, warnings } = read()
  expect(warnings).toEqual([])
  expect(Object.keys(custom)).toEqual(Object.keys(bundle))
  expect(entryIn(custom, 'kube-scheduler')).toEqual({
    ...entryIn(bundle, 'kube-scheduler'),
    commonName: 'kube-scheduler',
  })
  expect(entryIn(custom, 'kube-node')).toEqual(entryIn(bundle, 'kube-node'))
  expect(entryIn(custom, 'kube-admin')).toEqual(entryIn(bundle, 'kube-admin'))
})

test('without a request header authority the cluster authority’s certificate stands in, without a key', () => {
  const name = 'kube-apiserver-requestheader-ca'
  const client = {
    'kube-apiserver-proxy-client.pem': entryIn(bundle, 'kube-proxy').certificatePEM,
    'kube-apiserver-proxy-client-key.pem': entryIn(bundle, 'kube-proxy').keyPEM,
  }
  const { bundle: custom, warnings } = read({
    [`${name}.pem`]: undefined,
    [`${name}-key.pem`]: undefined,
    ...client,
  })
  expect(entryIn(custom, name)).toMatchObject({
    certificatePEM: entryIn(bundle, 'kube-ca').certificatePEM,
    keyPEM: '',
  })
  expect(warnings).toContain(`there is no ${name}.pem: the certificate of kube-ca is used instead`)
})

test('the authority’s key may be kept back', () => {
  expect(entryIn(read({ 'kube-ca-key.pem': undefined }).bundle, 'kube-ca').keyPEM).toBe('')
})

test('the authority’s certificate may not', () => {
  expect(() => read({ 'kube-ca.pem': '' })).toThrow('Failed to find master CA certificate')
})

test('what is no authority is refused as one', () => {
  expect(() => read({ 'kube-ca.pem': entryIn(bundle, 'kube-proxy').certificatePEM })).toThrow(
    'kube-ca.pem is not the certificate of an authority',
  )
})

test('all missing certificates and keys are listed at once', () => {
  const run = () => read({ 'kube-proxy.pem': undefined, 'kube-etcd-10-0-0-1-key.pem': undefined })
  expect(run).toThrow(PkiError)
  expect(run).toThrow(
    'Failed to find [kube-proxy] Certificate or Key\nFailed to find etcd [kube-etcd-10-0-0-1] Certificate or Key',
  )
})

test('a serving certificate is missed where kubelets need one', () => {
  const serving = configOf(config.nodes, { kubelet: { generateServingCertificate: true } })
  expect(() => read({}, NOW, serving)).toThrow('Failed to find [kube-kubelet-10-0-0-1] Certificate or Key')
})

const TOKEN = 'kube-service-account-token'
const noToken = { [`${TOKEN}.pem`]: undefined, [`${TOKEN}-key.pem`]: undefined }

test('a cluster keeps the key of its tokens if the directory has none', () => {
  const existing = { [TOKEN]: entryIn(other, TOKEN) }
  const { bundle: custom, warnings } = read(noToken, NOW, config, existing)
  expect(entryIn(custom, TOKEN)).toEqual(entryIn(other, TOKEN))
  expect(warnings).toEqual([])
})

test('a new cluster signs tokens with the API server’s key if the directory has none for them', () => {
  const { bundle: custom, warnings } = read(noToken)
  expect(entryIn(custom, TOKEN).keyPEM).toBe(entryIn(bundle, 'kube-apiserver').keyPEM)
  expect(warnings).toEqual([expect.stringContaining('tokens are signed with the key of kube-apiserver')])
})

test('a certificate of another authority is refused, even of one with the same name', () => {
  const scheduler = entryIn(other, 'kube-scheduler')
  const client = entryIn(other, 'kube-apiserver-proxy-client')
  expect(() =>
    read({ 'kube-scheduler.pem': scheduler.certificatePEM, 'kube-scheduler-key.pem': scheduler.keyPEM }),
  ).toThrow('Component [kube-scheduler] is not signed by the custom CA certificate')
  expect(() =>
    read({
      'kube-apiserver-proxy-client.pem': client.certificatePEM,
      'kube-apiserver-proxy-client-key.pem': client.keyPEM,
    }),
  ).toThrow(
    'Component [kube-apiserver-proxy-client] is not signed by the custom Request Header CA certificate',
  )
})

test('a key of another certificate is refused', () => {
  expect(() => read({ 'kube-proxy-key.pem': entryIn(bundle, 'kube-node').keyPEM })).toThrow(
    'kube-proxy-key.pem is not the key of kube-proxy.pem',
  )
})

test('names that are not in a certificate are warned of', () => {
  const more = configOf([...config.nodes, node('10.0.0.2', ['controlplane'])])
  expect(read({}, NOW, more).warnings).toEqual(['certificate kube-apiserver lacks the names IP 10.0.0.2'])
})

test('a certificate that gives other rights than it should is warned of', () => {
  const { certificatePEM, keyPEM } = entryIn(bundle, 'kube-proxy')
  expect(read({ 'kube-admin.pem': certificatePEM, 'kube-admin-key.pem': keyPEM }).warnings).toEqual([
    'certificate kube-admin is made out to another subject than CN=kube-admin, O=system:masters, and has other rights',
  ])
})

test('certificates that are not valid now are refused, each by the name of its file', () => {
  expect(() => read({}, new Date(NOW.getTime() + 4000 * DAY_MS))).toThrow(
    /kube-ca.pem has ended on 2037-02-26T12:00:00.000Z\n.*\nkube-apiserver.pem has ended/,
  )
  expect(() => read({}, new Date(NOW.getTime() - DAY_MS))).toThrow(/kube-ca.pem is not valid before 20/)
})

test('everything that is wrong is told at once', () => {
  const scheduler = entryIn(other, 'kube-scheduler')
  const run = () =>
    read({
      'kube-proxy.pem': 'garbage',
      'kube-node.pem': undefined,
      'kube-admin-key.pem': entryIn(bundle, 'kube-node').keyPEM,
      'kube-scheduler.pem': scheduler.certificatePEM,
      'kube-scheduler-key.pem': scheduler.keyPEM,
    })
  for (const problem of [
    'failed to read certificate [kube-proxy.pem]',
    'Failed to find [kube-node] Certificate or Key',
    'kube-admin-key.pem is not the key of kube-admin.pem',
    'Component [kube-scheduler] is not signed by the custom CA certificate',
  ]) {
    expect(run).toThrow(problem)
  }
  expect(run).not.toThrow('Failed to find [kube-proxy]')
})

test.each([
  ['my-own.pem', 'failed to read certificate [my-own.pem]'],
  ['kube-proxy-key.pem', 'failed to read key [kube-proxy-key.pem], make sure it is not encrypted'],
])('file %s that cannot be read ends the run', (file, message) => {
  expect(() => read({ [file]: 'garbage' })).toThrow(message)
})

test('unknown certificates are kept, signing requests are passed over', () => {
  const { bundle: custom } = read({
    'my-own.pem': entryIn(bundle, 'kube-proxy').certificatePEM,
    'kube-proxy-csr.pem': 'anything',
  })
  expect(entryIn(custom, 'my-own').commonName).toBe('my-own')
  expect(custom['kube-proxy-csr']).toBeUndefined()
})

describe('where the key of the CA is external', () => {
  const external = { ...config, certificates: { caKey: 'external' } }
  const fewer = (): Record<string, undefined> =>
    Object.fromEntries(
      [...files.keys()].filter((name) => !name.startsWith('kube-proxy')).map((name) => [name, undefined]),
    )

  test('what the directory lacks is the state’s', () => {
    expect(read(fewer(), NOW, external, bundle).bundle['kube-scheduler']).toEqual(
      entryIn(bundle, 'kube-scheduler'),
    )
    expect(() => read(fewer(), NOW, config, bundle)).toThrow('Failed to find master CA certificate')
  })

  test('a key of the CA in the directory is not kept', () => {
    expect(entryIn(read({}, NOW, external).bundle, 'kube-ca').keyPEM).toBe('')
  })

  test('certificates behind another one are kept, which RKE drops', () => {
    const chain = entryIn(bundle, 'kube-proxy').certificatePEM + entryIn(bundle, 'kube-ca').certificatePEM
    const changes = { 'kube-proxy.pem': chain }
    expect(entryIn(read(changes, NOW, external).bundle, 'kube-proxy').certificatePEM).toBe(chain)
    expect(entryIn(read(changes).bundle, 'kube-proxy').certificatePEM).toBe(
      entryIn(bundle, 'kube-proxy').certificatePEM,
    )
  })
})
