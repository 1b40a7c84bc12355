import { connect, createServer, type TLSSocket } from 'node:tls'
import { beforeAll, describe, expect, test } from 'vitest'
import { certificateFiles } from '../../../src/pki/distribution/shipping.ts'
import { isSignedBy, parseCertificate, parseCertificates } from '../../../src/pki/encoding/certificate.ts'
import { type CertificatesBundle, certificateEntryKeys } from '../../../src/pki/encoding/certificate-entry.ts'
import { type KeySource, newKeys } from '../../../src/pki/encoding/keys.ts'
import { publicKeyTexts, readPrivateKey } from '../../../src/pki/encoding/pem-contents.ts'
import { bundleOfStage } from '../../../src/pki/rotation/bundle-of-stage.ts'
import { makeNextAuthorities, type NextAuthorities } from '../../../src/pki/rotation/next-authorities.ts'
import {
  ROTATION_STAGES,
  type RotationStage,
  stageAfter,
  stageOf,
} from '../../../src/pki/rotation/rotation-stages.ts'
import { configOf, ensure, entryIn, NOW, node, testKeys } from './support.ts'

const CAS = ['kube-ca', 'kube-apiserver-requestheader-ca']
const TOKEN = 'kube-service-account-token'
const config = configOf([
  node('10.0.0.1', ['controlplane', 'etcd']),
  node('127.0.0.1', ['controlplane', 'etcd', 'worker']),
])
const LATER = new Date(NOW.getTime() + 1000)

let before: CertificatesBundle
let next: NextAuthorities
let stages: Record<RotationStage, CertificatesBundle>

const made = async (from: CertificatesBundle, to: NextAuthorities, keys: KeySource) => {
  const request = { config, keys, clock: () => LATER, localKubeconfigPath: './kube_config_cluster.yml' }
  const trust = await bundleOfStage('trust', from, to, request)
  const issue = await bundleOfStage('issue', trust.bundle, to, request)
  const finish = await bundleOfStage('finish', issue.bundle, to, request)
  return { trust, issue, finish }
}

beforeAll(async () => {
  before = (await ensure(config)).bundle
  next = await makeNextAuthorities(testKeys(40), LATER)
  const { trust, issue, finish } = await made(before, next, testKeys(60))
  stages = { trust: trust.bundle, issue: issue.bundle, finish: finish.bundle }
})

const pems = (bundle: CertificatesBundle, name: string) =>
  parseCertificates(entryIn(bundle, name).certificatePEM, name).map(({ pem }) => pem)
const leaves = () => Object.keys(before).filter((name) => ![...CAS, TOKEN].includes(name))
const publicKeyOf = (pem: string) => publicKeyTexts(pem, 'key')[0]

describe('while both are trusted', () => {
  test('authorities are the old one and the new one, and the old key signs', () => {
    for (const name of CAS) {
      const [old] = pems(before, name)
      const [fresh] = pems(next, name)
      expect(pems(stages.trust, name)).toEqual([old, fresh])
      expect(entryIn(stages.trust, name).keyPEM).toBe(entryIn(before, name).keyPEM)
    }
  })

  test('tokens of both keys are accepted, and the old one signs', () => {
    const { keyPEM } = entryIn(stages.trust, TOKEN)
    expect(keyPEM).toBe(entryIn(before, TOKEN).keyPEM + publicKeyOf(entryIn(next, TOKEN).keyPEM))
  })

  test('all other certificates stay, and the kubeconfig trusts both', () => {
    for (const name of leaves().filter((one) => one !== 'kube-admin'))
      expect(entryIn(stages.trust, name), name).toEqual(entryIn(before, name))
    const admin = entryIn(stages.trust, 'kube-admin')
    expect(admin.certificatePEM).toBe(entryIn(before, 'kube-admin').certificatePEM)
    expect(admin.config).toContain(
      Buffer.from(entryIn(stages.trust, 'kube-ca').certificatePEM).toString('base64'),
    )
  })
})

describe('once the new authority has issued everything', () => {
  test('every certificate has a new key and is signed by the new authority', () => {
    for (const name of leaves()) {
      const ca = name === 'kube-apiserver-proxy-client' ? 'kube-apiserver-requestheader-ca' : 'kube-ca'
      const leaf = parseCertificate(entryIn(stages.issue, name).certificatePEM)
      expect(isSignedBy(leaf, parseCertificate(entryIn(next, ca).certificatePEM)), name).toBe(true)
      expect(entryIn(stages.issue, name).keyPEM, name).not.toBe(entryIn(before, name).keyPEM)
    }
  })

  test('both authorities are still trusted, and tokens of both keys accepted', () => {
    for (const name of CAS) {
      const trusted = pems(stages.issue, name)
      expect(trusted[0]).toBe(pems(next, name)[0])
      expect(trusted).toContain(pems(before, name)[0])
      expect(entryIn(stages.issue, name).keyPEM).toBe(entryIn(next, name).keyPEM)
    }
    expect(entryIn(stages.issue, TOKEN).keyPEM).toBe(
      entryIn(next, TOKEN).keyPEM + publicKeyOf(entryIn(before, TOKEN).keyPEM),
    )
  })
})

test('in the end the bundle has the form of a new cluster, with nothing of the old authorities', () => {
  const old = CAS.flatMap((name) => pems(before, name))
  const keys = [...CAS, TOKEN].map((name) => entryIn(before, name).keyPEM)
  for (const [name, entry] of Object.entries(stages.finish)) {
    expect(pems(stages.finish, name), name).toHaveLength(1)
    expect(old, name).not.toContain(entry.certificatePEM)
    expect(keys, name).not.toContain(entry.keyPEM)
    expect(Object.keys(entry)).toEqual([...certificateEntryKeys])
    readPrivateKey(entry.keyPEM, name)
    expect(entry.keyPEM.match(/BEGIN/g), name).toHaveLength(1)
  }
  expect(Object.keys(stages.finish)).toEqual(Object.keys(before))
})

test('a run in between, and one at the end, changes nothing', async () => {
  for (const stage of ROTATION_STAGES) {
    const { bundle, changes } = await ensure(config, {
      existing: stages[stage],
      now: LATER,
      keys: testKeys(90),
    })
    expect(changes, stage).toEqual([])
    expect(bundle, stage).toEqual(stages[stage])
  }
})

test('the stage of a cluster follows from its certificates', () => {
  expect(stageOf(before, next)).toBeUndefined()
  for (const stage of ROTATION_STAGES) expect(stageOf(stages[stage], next)).toBe(stage)
  expect([undefined, ...ROTATION_STAGES].map(stageAfter)).toEqual([...ROTATION_STAGES, undefined])
})

test('nodes get all certificates and keys of a stage, those without a control plane no key of the authority', () => {
  const [first = node('', [])] = config.nodes
  const worker = node('10.0.0.9', ['worker'])
  const filesOn = (one: typeof first) =>
    new Map(
      certificateFiles({
        node: one,
        nodes: config.nodes,
        bundle: stages.issue,
        services: config.services,
      }).map((file) => [file.path.replace('/etc/kubernetes/ssl/', ''), file.content.reveal()]),
    )
  expect(filesOn(first).get('kube-ca.pem')).toBe(entryIn(stages.issue, 'kube-ca').certificatePEM)
  expect(filesOn(first).get(`${TOKEN}-key.pem`)).toBe(entryIn(stages.issue, TOKEN).keyPEM)
  expect(filesOn(worker).get('kube-ca.pem')).toBe(entryIn(stages.issue, 'kube-ca').certificatePEM)
  expect([...filesOn(worker).keys()]).not.toContain('kube-ca-key.pem')
})

test('a rotation whose keys were lost is begun anew, and leaves nothing behind', async () => {
  const other = await makeNextAuthorities(testKeys(100), LATER)
  const { trust, finish } = await made(stages.trust, other, testKeys(120))
  expect(pems(trust.bundle, 'kube-ca')).toHaveLength(3)
  for (const [name, entry] of Object.entries(finish.bundle))
    expect(entry.keyPEM.match(/BEGIN/g), name).toHaveLength(1)
  expect(CAS.map((name) => pems(finish.bundle, name))).toEqual(CAS.map((name) => pems(other, name)))
})

test('a rotation that is begun anew accepts the tokens of every key until its end', async () => {
  const other = await makeNextAuthorities(testKeys(100), LATER)
  const { issue, finish } = await made(stages.issue, other, testKeys(120))
  const keys = [other, stages.finish, before].map((one) => publicKeyOf(entryIn(one, TOKEN).keyPEM))
  expect(publicKeyTexts(entryIn(issue.bundle, TOKEN).keyPEM, 'key')).toEqual(keys)
  expect(publicKeyTexts(entryIn(finish.bundle, TOKEN).keyPEM, 'key')).toEqual(keys.slice(0, 1))
})

describe('over TLS', () => {
  let real: { readonly before: CertificatesBundle; readonly stages: typeof stages }

  beforeAll(async () => {
    const now = new Date()
    const request = {
      config,
      keys: newKeys,
      clock: () => now,
      localKubeconfigPath: './kube_config_cluster.yml',
    }
    const old = (await ensure(config, { keys: newKeys, now })).bundle
    const to = await makeNextAuthorities(newKeys, now)
    const trust = (await bundleOfStage('trust', old, to, request)).bundle
    const issue = (await bundleOfStage('issue', trust, to, request)).bundle
    const finish = (await bundleOfStage('finish', issue, to, request)).bundle
    real = { before: old, stages: { trust, issue, finish } }
  }, 60_000)

  const cases: readonly (readonly [server: string, client: string, works: boolean])[] = [
    ['before', 'trust', true],
    ['trust', 'before', true],
    ['trust', 'issue', true],
    ['issue', 'before', true],
    ['issue', 'trust', true],
    ['issue', 'finish', true],
    ['finish', 'issue', true],
    ['finish', 'before', false],
    ['before', 'finish', false],
  ]

  test.each(cases)(
    'an API server of stage %s and a client of stage %s: %s',
    async (server, client, works) => {
      const bundle = (stage: string) => ({ before: real.before, ...real.stages })[stage] ?? {}
      expect(await talk(bundle(server), bundle(client))).toBe(works)
    },
  )
})

/** Whether both sides accept each other. */
async function talk(server: CertificatesBundle, client: CertificatesBundle): Promise<boolean> {
  const { certificatePEM: cert, keyPEM: key } = entryIn(server, 'kube-apiserver')
  const listener = createServer(
    { cert, key, ca: entryIn(server, 'kube-ca').certificatePEM, requestCert: true, rejectUnauthorized: true },
    (socket: TLSSocket) => socket.end('hello'),
  )
  listener.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const admin = entryIn(client, 'kube-admin')
  try {
    return await new Promise((resolve) => {
      const ca = entryIn(client, 'kube-ca').certificatePEM
      const socket = connect({ host: '127.0.0.1', port, ca, cert: admin.certificatePEM, key: admin.keyPEM })
      socket.on('data', () => resolve(true))
      socket.on('error', () => resolve(false))
      socket.on('close', () => resolve(false))
    })
  } finally {
    listener.close()
  }
}
