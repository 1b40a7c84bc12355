import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ObjectStore, startObjectStore } from '../../testbed/s3/object-store.ts'
import { TestBucket } from '../../testbed/s3/test-bucket.ts'
import { waitUntil } from '../../testbed/wait-until.ts'
import { type ApiServer, startApiServer } from '../support/api-server.ts'
import { HelperNode, SSL, tlsFlags } from './helper-node.ts'
import { membersOf } from './zip-members.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const RECURRING = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ_etcd\.zip$/

let api: ApiServer
let node: HelperNode
let store: ObjectStore

beforeAll(async () => {
  api = await startApiServer()
  node = new HelperNode(api.certificates.dir)
  store = await startObjectStore()
  writeFileSync(join(api.certificates.dir, 'kubecfg-kube-node.yaml'), kubeconfig(api.address))
  const state = (where: string): string => `--from-literal=full-cluster-state={"from":"${where}"}`
  const create = (...kind: readonly string[]) =>
    api.kubectl('-n', 'kube-system', 'create', ...kind.slice(0, -1), 'full-cluster-state', kind.at(-1) ?? '')
  await create('secret', 'generic', state('Secret'))
  await create('configmap', state('ConfigMap'))
})
beforeEach(() => node.empty())
afterAll(async () => {
  node?.[Symbol.dispose]()
  await store?.[Symbol.asyncDispose]()
  await api?.[Symbol.asyncDispose]()
})

/** The command of RKE's container, with a short interval. */
const command = (...more: readonly string[]): readonly string[] => [
  ...['save', ...tlsFlags, '--name', 'etcd-rolling-snapshots', `--endpoints=${api.address}:2379`],
  ...['--creation=2s', '--retention=1h', ...more],
]

const archives = (): readonly string[] => node.files.filter((name) => RECURRING.test(name))

test.each([
  ['v0.1.103', 'ConfigMap'],
  ['v0.1.108', 'Secret'],
])('a recurring snapshot of helper %s has the state from the %s, indented', async (tag, from) => {
  await using helper = await node.start(command(), { tag })
  await waitUntil('a snapshot', async () => archives().length > 0, 30_000).catch(async (error) => {
    throw new TypeError(await helper.log(), { cause: error })
  })
  const [archive = ''] = archives()
  const name = archive.replace('.zip', '')
  await waitUntil('its archive', async () => node.mode(archive) === '600', 10_000)
  expect(membersOf(node.read(archive)).map((member) => member.name)).toEqual([
    `/backup/${name}`,
    `/etc/kubernetes/${name}.rkestate`,
  ])
  const { file } = await node.run(['extractstatefile', '--name', name], { wanted: '/tmp/cluster.rkestate' })
  expect(file).toBe(`{\n  "from": "${from}"\n}`)
})

test('retention removes old recurring snapshots here and in the folder of the bucket, and nothing else', async () => {
  using bucket = await TestBucket.create(store, 'recurring')
  const old = '2024-11-20T21:52:03Z_etcd'
  for (const name of [`${old}.zip`, '2024-11-20T21:52:03Z_mine.zip', 'before-upgrade.zip'])
    node.write(name, '')
  const kept = ['prod/before-upgrade.zip', 'prod/not-a-time_etcd.zip', `${old}.zip`]
  for (const key of [...kept, `prod/${old}.zip`, `prod/${old}`]) await bucket.put(key, 'x')
  const s3 = [
    '--s3-backup=true',
    `--s3-endpoint=${store.endpoint}`,
    `--s3-bucketName=${bucket.name}`,
    '--s3-region=',
    `--s3-endpoint-ca=${base64(store.identity.ca)}`,
    '--s3-folder=prod',
  ]
  const env = { S3_ACCESS_KEY: base64(store.accessKey), S3_SECRET_KEY: base64(store.secretKey) }
  await using helper = await node.start(command(...s3), { env })
  const isNew = (key: string): boolean => RECURRING.test(key.replace('prod/', '')) && !key.includes(old)
  // What the first look removes is gone when the second snapshot is there.
  const twice = async (): Promise<boolean> => (await bucket.keys()).filter(isNew).length > 1
  await waitUntil('the second snapshot in the bucket', twice, 30_000).catch(async (error) => {
    throw new TypeError(await helper.log(), { cause: error })
  })
  expect(node.files).not.toContain(`${old}.zip`)
  // By its name, which begins with a time, this one is a recurring snapshot, too.
  expect(node.files).not.toContain('2024-11-20T21:52:03Z_mine.zip')
  expect(node.files).toContain('before-upgrade.zip')
  expect((await bucket.keys()).filter((key) => !isNew(key))).toEqual(kept.toSorted())
})

test('a recurring helper goes on where a snapshot fails', async () => {
  const nobody = command().map((arg) => arg.replace(api.address, '127.0.0.1'))
  await using helper = await node.start(nobody)
  const failures = async (): Promise<number> =>
    (await helper.log()).split('\n').filter((line) => line.includes('level=error')).length
  await waitUntil('two failures', async () => (await failures()) > 1, 60_000)
  expect(node.files).toEqual([])
})

function kubeconfig(address: string): string {
  const [cluster, user] = ['local', 'kube-node']
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': cluster,
    clusters: [
      {
        name: cluster,
        cluster: { server: `https://${address}:6443`, 'certificate-authority': `${SSL}/kube-ca.pem` },
      },
    ],
    users: [
      {
        name: user,
        // The rights of kube-node come from a cluster of nodes, which there is none of.
        user: { 'client-certificate': `${SSL}/kube-admin.pem`, 'client-key': `${SSL}/kube-admin-key.pem` },
      },
    ],
    contexts: [{ name: cluster, context: { cluster, user } }],
  })
}
