import { Agent } from 'node:https'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { errorText, S3Error } from '../../../src/errors.ts'
import { directDialer } from '../../../src/node/transport/direct-dialer.ts'
import type { Bucket, BucketAccess, BucketPlace } from '../../../src/s3/bucket.ts'
import { openBucket } from '../../../src/s3/open-bucket.ts'
import { Secret } from '../../../src/secret.ts'
import { newServerIdentity } from '../../testbed/s3/authority.ts'
import { FaultProxy } from '../../testbed/s3/fault-proxy.ts'
import { type ObjectStore, startObjectStore, storeNames } from '../../testbed/s3/object-store.ts'

const { signal } = new AbortController()
const BUCKETS = ['backups', 'back.ups', 'empty'] as const
const NAMES = ['2026-01-02T03:04:05Z_etcd.zip', 'a+b c.zip', 'snap', 'snap.zip', 'snap-2.zip'] as const
const MANY = 1_005
let store: ObjectStore
let proxy: FaultProxy
const opened: Bucket[] = []

beforeAll(async () => {
  store = await startObjectStore()
  proxy = await FaultProxy.start(store)
  const { accessKey, endpoint, identity, secretKey } = store
  const client = new S3Client({
    endpoint: `https://${endpoint}`,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    requestHandler: { httpsAgent: new Agent({ ca: identity.ca, keepAlive: true, maxSockets: 20 }) },
  })
  for (const Bucket of BUCKETS) await client.send(new CreateBucketCommand({ Bucket }))
  const put = (Key: string): Promise<unknown> =>
    client.send(new PutObjectCommand({ Bucket: 'backups', Key, Body: `0123456789 ${Key}` }))
  for (const name of NAMES) await put(`prod/${name}`)
  for (const key of ['other.zip', 'prod/deeper/x.zip', 'prod-2/snap.zip']) await put(key)
  for (let n = 0; n < MANY; n += 15) {
    await Promise.all(Array.from({ length: 15 }, (_, index) => put(`many/${n + index}.zip`)))
  }
  client.destroy()
}, 900_000)

afterEach(async () => {
  await Promise.all(opened.splice(0).map((bucket) => bucket.close()))
  proxy?.heal()
})

afterAll(async () => {
  await proxy?.[Symbol.asyncDispose]()
  await store?.[Symbol.asyncDispose]()
})

/** The bucket as a node in the place of this box reaches it. */
async function open(other: Partial<BucketPlace> = {}, more: Partial<BucketAccess> = {}): Promise<Bucket> {
  const place: BucketPlace = {
    endpoint: store.endpoint,
    bucket: 'backups',
    folder: 'prod',
    customCa: store.identity.ca,
    keys: new Secret({ accessKey: store.accessKey, secretKey: store.secretKey }),
    environment: [],
    ...other,
  }
  const through: BucketAccess['through'] = {
    address: 'node-1',
    dial: (to, asking) => {
      const isNamed = 'host' in to && to.host.endsWith('.testbed')
      return directDialer.dial(isNamed ? { host: store.address, port: to.port } : to, asking)
    },
  }
  const bucket = await openBucket(place, { through, ...more }, signal)
  opened.push(bucket)
  return bucket
}

async function failureOf(other: Partial<BucketPlace>, more?: Partial<BucketAccess>): Promise<S3Error> {
  const error = await open(other, more).then(
    () => new TypeError('it was opened'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof S3Error)) throw error
  return error
}

const files = async (bucket: Bucket): Promise<readonly string[]> =>
  (await bucket.list(signal)).map(({ file }) => file)

test('a folder is listed without what lies deeper or beside it', async () => {
  expect(await files(await open())).toEqual(NAMES.toSorted())
  expect(await files(await open({ folder: '' }))).toEqual(['other.zip'])
  expect(await files(await open({ bucket: 'empty' }))).toEqual([])
})

test('more objects than a page holds are all listed', async () => {
  expect(await files(await open({ folder: 'many' }))).toHaveLength(MANY)
})

test('an object of exactly one name is found, read in part, and removed; its siblings stay', async () => {
  const bucket = await open()
  for (const name of NAMES) {
    expect(await bucket.stat(name, signal)).toMatchObject({
      file: name,
      bytes: `0123456789 prod/${name}`.length,
    })
  }
  expect(await bucket.stat('sna', signal)).toBeUndefined()
  expect((await bucket.read('a+b c.zip', { offset: 2, length: 3 }, signal)).toString()).toBe('234')
  expect((await bucket.read('snap', { offset: 11, length: 100 }, signal)).toString()).toBe('prod/snap')
  await bucket.remove('snap', signal)
  await bucket.remove('snap', signal)
  expect(await files(bucket)).toEqual(NAMES.filter((name) => name !== 'snap').toSorted())
})

test('the bucket is a part of the path, or of the name of a host that has "aliyun" in it', async () => {
  for (const host of Object.values(storeNames)) {
    expect(await files(await open({ endpoint: `${host}:${store.port}` }))).toContain('snap.zip')
  }
  expect(await files(await open({ bucket: 'back.ups' }))).toEqual([])
})

describe('what is wrong is known by its kind', () => {
  test.each([
    [
      'access-key',
      'an unknown key',
      () => ({ keys: new Secret({ accessKey: 'nobody', secretKey: store.secretKey }) }),
    ],
    [
      'secret-key',
      'a wrong secret',
      () => ({ keys: new Secret({ accessKey: store.accessKey, secretKey: 'wrong-secret' }) }),
    ],
    ['no-bucket', 'a missing bucket', () => ({ bucket: 'missing' })],
    ['certificate', 'no authority of its own', () => ({ customCa: undefined })],
    ['certificate', 'another name', () => ({ endpoint: `s3.example.testbed:${store.port}` })],
    ['unreachable', 'a closed port', () => ({ endpoint: `${store.address}:1` })],
  ] as const)('%s: %s', async (kind, _, other) => {
    const error = await failureOf(other())
    expect(error).toMatchObject({ kind, host: 'node-1' })
    expect(error.hint).not.toBe('')
    expect(errorText(error)).not.toContain(store.secretKey)
  })

  test('certificate: of another authority', async () => {
    const { ca } = await newServerIdentity([], [])
    expect(await failureOf({ customCa: ca })).toMatchObject({ kind: 'certificate' })
  })
})

describe('faults on the way', () => {
  const through = (): Partial<BucketPlace> => ({ endpoint: proxy.endpoint })

  test('503 and back: it is asked again', async () => {
    proxy.play({ kind: 'unavailable' }, { times: 2 })
    const said: string[] = []
    const bucket = await open(through(), { onProgress: (text) => said.push(text) })
    expect(await files(bucket)).toContain('snap.zip')
    expect(said).toEqual([
      expect.stringContaining('in 1 s (2 of 5)'),
      expect.stringContaining('in 2 s (3 of 5)'),
    ])
  })

  test('cut in the middle: it is asked again', async () => {
    const bucket = await open(through())
    proxy.play({ kind: 'cut', afterBytes: 3 }, { times: 1, method: 'GET', path: 'snap.zip' })
    expect((await bucket.read('snap.zip', { offset: 0, length: 10 }, signal)).toString()).toBe('0123456789')
  })

  test('slow: it is waited for, and reported', async () => {
    const said: string[] = []
    const bucket = await open(through(), { onProgress: (text) => said.push(text) })
    proxy.play({ kind: 'slow', bytesPerSecond: 200 }, { times: 1 })
    expect(await files(bucket)).toContain('snap.zip')
    expect(said).toEqual([expect.stringMatching(/^still waiting: list bucket backups/)])
  })

  test('a wrong clock: both are said', async () => {
    proxy.play({ kind: 'clock', seconds: 3600 })
    expect(await failureOf(through())).toMatchObject({
      kind: 'clock',
      why: expect.stringMatching(/^here it is 20.*Z, there 20.*Z$/),
    })
  })
})
