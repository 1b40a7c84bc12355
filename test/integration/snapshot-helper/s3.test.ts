import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { FaultProxy } from '../../testbed/s3/fault-proxy.ts'
import { type ObjectStore, startObjectStore, storeNames } from '../../testbed/s3/object-store.ts'
import { TestBucket } from '../../testbed/s3/test-bucket.ts'
import { type SmallEtcd, startSmallEtcd } from './etcd.ts'
import { HelperNode, type HelperOptions, tlsFlags } from './helper-node.ts'

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../fixtures/snapshots/${name}`, import.meta.url))
const base64 = (text: string): string => Buffer.from(text).toString('base64')
/** What RKE says of an upload that failed, and by which it knows that the local snapshot is there. */
const NOT_UPLOADED = 'failed to upload etcd snapshot file'

let etcd: SmallEtcd
let node: HelperNode
let store: ObjectStore
let proxy: FaultProxy
let count = 0

interface Target {
  readonly bucket: string
  readonly endpoint?: string
  readonly region?: string
  readonly folder?: string
  readonly ca?: string
  readonly accessKey?: string
  readonly secretKey?: string
}

/** Arguments and variables as RKE gives them. */
function target(to: Target): { readonly args: readonly string[]; readonly options: HelperOptions } {
  const args = [
    '--s3-backup=true',
    `--s3-endpoint=${to.endpoint ?? store.endpoint}`,
    `--s3-bucketName=${to.bucket}`,
    `--s3-region=${to.region ?? ''}`,
    `--s3-endpoint-ca=${to.ca ?? base64(store.identity.ca)}`,
    ...(to.folder === undefined ? [] : [`--s3-folder=${to.folder}`]),
  ]
  const S3_ACCESS_KEY = to.accessKey ?? base64(store.accessKey)
  return { args, options: { env: { S3_ACCESS_KEY, S3_SECRET_KEY: to.secretKey ?? base64(store.secretKey) } } }
}

const save = (name: string, to: Target) => {
  const { args, options } = target(to)
  const command = ['save', ...tlsFlags, '--name', name, `--endpoints=${etcd.address}:2379`, '--once', ...args]
  return node.run(command, options)
}
const other = (command: string, name: string, to: Target, ...more: readonly string[]) => {
  const { args, options } = target(to)
  return node.run([command, '--name', name, ...more, ...args], {
    ...options,
    wanted: '/tmp/cluster.rkestate',
  })
}
const newBucket = (): Promise<TestBucket> => TestBucket.create(store, `snapshots-${++count}`)

beforeAll(async () => {
  store = await startObjectStore()
  proxy = await FaultProxy.start(store)
  etcd = await startSmallEtcd(22)
  node = new HelperNode(etcd.certificates.dir)
})
beforeEach(() => {
  node.empty()
  proxy.heal()
})
afterAll(async () => {
  node?.[Symbol.dispose]()
  await etcd?.[Symbol.asyncDispose]()
  await proxy?.[Symbol.asyncDispose]()
  await store?.[Symbol.asyncDispose]()
})

describe('the snapshot helper uploads', () => {
  test('an archive under its file name, below the folder', async () => {
    using bucket = await newBucket()
    expect(await save('before', { bucket: bucket.name, folder: 'prod/one' })).toMatchObject({ code: 0 })
    expect(await bucket.keys()).toEqual(['prod/one/before.zip'])
    expect((await bucket.get('prod/one/before.zip')).equals(node.read('before.zip'))).toBe(true)
    expect(await bucket.contentType('prod/one/before.zip')).toBe('application/zip')
    expect(node.files).toEqual(['before.zip'])
  })

  test('only the first archive of a name, unless the bucket keeps versions', async () => {
    using bucket = await newBucket()
    await bucket.put('same.zip', 'the first one')
    expect((await save('same', { bucket: bucket.name })).code).toBe(0)
    expect(String(await bucket.get('same.zip'))).toBe('the first one')
    await bucket.keepVersions()
    expect((await save('same', { bucket: bucket.name })).code).toBe(0)
    expect((await bucket.get('same.zip')).equals(node.read('same.zip'))).toBe(true)
  })

  test('with keys in plain text, and a region', async () => {
    using bucket = await newBucket()
    // Neither is base64.
    const plain = { accessKey: store.accessKey, secretKey: `${store.secretKey}` }
    expect((await save('plain', { bucket: bucket.name, region: 'us-east-1', ...plain })).code).toBe(0)
  })

  test('and says of a failed upload what RKE looks for', async () => {
    using bucket = await newBucket()
    proxy.play({ kind: 'denied' }, { method: 'PUT' })
    const { code, lastLine } = await save('denied', { bucket: bucket.name, endpoint: proxy.endpoint })
    expect([code, lastLine]).toEqual([1, expect.stringMatching(`level=fatal msg="${NOT_UPLOADED}`)])
    expect(node.files).toEqual(['denied.zip'])
    expect(await bucket.keys()).toEqual([])
  })

  test('through a server that is busy for a while', async () => {
    using bucket = await newBucket()
    proxy.play({ kind: 'unavailable' }, { times: 3 })
    expect((await save('busy', { bucket: bucket.name, endpoint: proxy.endpoint })).code).toBe(0)
    expect(await bucket.keys()).toEqual(['busy.zip'])
  })

  test.each<[string, Partial<Target>]>([
    ['a bucket that is not there', { bucket: 'missing' }],
    ['a wrong access key', { accessKey: 'wrong' }],
    ['a wrong secret key', { secretKey: 'wrong' }],
    ['a CA that signed nothing', { ca: '' }],
    ['an endpoint where nobody listens', { endpoint: '127.0.0.1:1' }],
  ])('nothing with %s, and says so in other words', async (_, wrong) => {
    using bucket = await newBucket()
    const { code, lastLine } = await save('unusable', { bucket: bucket.name, ...wrong })
    expect([code, lastLine]).toEqual([1, expect.stringContaining('level=fatal')])
    expect(lastLine).not.toContain(NOT_UPLOADED)
    expect(node.files).toEqual(['unusable.zip'])
  })

  test('to a host whose name contains "aliyun" with the bucket before that name', async () => {
    using bucket = await newBucket()
    const endpoint = `${storeNames.virtualHost}:${store.port}`
    const { args, options } = target({ bucket: bucket.name, endpoint })
    const hosts = [`${bucket.name}.${storeNames.virtualHost}:${store.address}`]
    const command = [
      ...['save', ...tlsFlags, '--name', 'host', `--endpoints=${etcd.address}:2379`, '--once', ...args],
    ]
    expect(await node.run(command, { ...options, hosts })).toMatchObject({ code: 0 })
    expect(await bucket.keys()).toEqual(['host.zip'])
  })

  test('and never logs the secret key', async () => {
    using bucket = await newBucket()
    const { stderr } = await save('logged', { bucket: bucket.name })
    expect(stderr).not.toContain(store.secretKey)
    expect(stderr).not.toContain(base64(store.secretKey))
  })
})

describe('the snapshot helper downloads', () => {
  test('the archive of exactly that name, and unpacks it', async () => {
    using bucket = await newBucket()
    await bucket.put('prod/before-upgrade.zip', fixture('before-upgrade.zip'))
    await bucket.put('prod/before-upgrade-2.zip', 'another')
    const to = { bucket: bucket.name, folder: 'prod' }
    expect(await other('download', 'before-upgrade', to)).toMatchObject({ code: 0 })
    expect(node.files).toEqual(['before-upgrade', 'before-upgrade.zip'])
    expect([node.mode('before-upgrade'), node.read('before-upgrade').length]).toEqual(['600', 28_704])
    expect((await other('download', 'before', to)).code).toBe(1)
  })

  test('the uncompressed object where both are there, and does not find one with a dot in its name', async () => {
    using bucket = await newBucket()
    await bucket.put('both', 'uncompressed')
    await bucket.put('both.zip', fixture('before-upgrade.zip'))
    await bucket.put('v1.30', 'uncompressed')
    expect((await other('download', 'both', { bucket: bucket.name })).code).toBe(0)
    expect(node.files).toEqual(['both'])
    expect((await other('download', 'v1.30', { bucket: bucket.name })).code).toBe(1)
  })

  test('without checking what came, and leaves what a cut transfer brought', async () => {
    using bucket = await newBucket()
    await bucket.put('cut', fixture('uncompressed'))
    proxy.play({ kind: 'cut', afterBytes: 10_000 }, { method: 'GET', path: '/cut' })
    const to = { bucket: bucket.name, endpoint: proxy.endpoint }
    expect((await other('download', 'cut', to)).code).toBe(1)
    expect(node.read('cut').length).toBeLessThan(fixture('uncompressed').length)
    await bucket.put('wrong-hash.zip', fixture('wrong-hash.zip'))
    expect((await other('download', 'wrong-hash', { bucket: bucket.name })).code).toBe(0)
  })

  test('an archive for its state, and leaves it in the snapshot folder', async () => {
    using bucket = await newBucket()
    await bucket.put('before-upgrade.zip', fixture('before-upgrade.zip'))
    const { code, file } = await other('extractstatefile', 'before-upgrade', { bucket: bucket.name })
    expect([code, file?.length]).toEqual([0, 66_440])
    expect(node.files).toEqual(['before-upgrade', 'before-upgrade.zip'])
  })
})

describe('the snapshot helper deletes', () => {
  test('every object whose key begins with the name', async () => {
    using bucket = await newBucket()
    for (const key of ['a.zip', 'a', 'ab.zip', 'b.zip', 'folder/a.zip']) await bucket.put(key, 'x')
    expect((await other('delete', 'a', { bucket: bucket.name })).code).toBe(0)
    expect(await bucket.keys()).toEqual(['b.zip', 'folder/a.zip'])
  })

  test('objects even in a clean-up, where the archive is not on the node', async () => {
    using bucket = await newBucket()
    await bucket.put('a.zip', 'x')
    node.write('a.zip', '')
    await other('delete', 'a', { bucket: bucket.name }, '--cleanup')
    expect(await bucket.keys()).toEqual(['a.zip'])
    node.empty()
    node.write('a', '')
    await other('delete', 'a', { bucket: bucket.name }, '--cleanup')
    expect([await bucket.keys(), node.files]).toEqual([[], ['a']])
  })
})
