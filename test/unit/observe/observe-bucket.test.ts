import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SnapshotError } from '../../../src/errors.ts'
import { findInBucket, observeBucket } from '../../../src/observe/observe-bucket.ts'
import { simBuckets } from '../../sim/sim-bucket.ts'

const { signal } = new AbortController()
const fixture = (file: string): Buffer =>
  readFileSync(new URL(`../../fixtures/snapshots/${file}`, import.meta.url))

/** A bucket with these objects in its folder, and others beside it. */
async function bucketOf(objects: Readonly<Record<string, Buffer>>) {
  const content = new Map(Object.entries(objects).map(([file, bytes]) => [`prod/${file}`, bytes]))
  content.set('before-upgrade.zip', fixture('before-upgrade.zip')).set('prod/deeper/x.zip', Buffer.from('x'))
  const open = simBuckets({ buckets: new Map([['s3.example.net/backups', content]]) })
  return await open(
    { endpoint: 's3.example.net', bucket: 'backups', folder: 'prod', environment: [] },
    {},
    signal,
  )
}

test('archives and plain snapshots of the folder are found, with what is wrong with them; other objects are not', async () => {
  const bucket = await bucketOf({
    'before-upgrade.zip': fixture('before-upgrade.zip'),
    'without-state.zip': fixture('without-state.zip'),
    'truncated.zip': fixture('truncated.zip'),
    uncompressed: fixture('uncompressed'),
    'readme.txt': Buffer.from('hello'),
    empty: Buffer.alloc(0),
  })
  const found = await observeBucket(bucket, undefined, signal)
  expect(found.map(({ file }) => [file.name, file.form, file.hasState, file.problem !== undefined])).toEqual([
    ['before-upgrade', 'archive', true, false],
    ['truncated', 'archive', false, true],
    ['uncompressed', 'plain', false, false],
    ['without-state', 'archive', false, false],
  ])
  expect(found[0]?.file).toMatchObject({
    place: { kind: 's3', key: 'prod/before-upgrade.zip' },
    bytes: fixture('before-upgrade.zip').length,
  })
})

test('one snapshot is found by exactly its name', async () => {
  const bucket = await bucketOf({
    'before-upgrade.zip': fixture('before-upgrade.zip'),
    'before-upgrade-2.zip': fixture('before-upgrade.zip'),
  })
  expect((await findInBucket(bucket, 'before-upgrade', signal))?.file.name).toBe('before-upgrade')
  expect(await findInBucket(bucket, 'before', signal)).toBeUndefined()
})

test.each([
  ['before-upgrade', fixture('uncompressed')],
  ['before-upgrade.txt', Buffer.from('hello')],
])(
  'an archive beside which the helper would download %s cannot be used, and that object is named',
  async (other, content) => {
    const bucket = await bucketOf({ 'before-upgrade.zip': fixture('before-upgrade.zip'), [other]: content })
    const finding = findInBucket(bucket, 'before-upgrade', signal)
    await expect(finding).rejects.toBeInstanceOf(SnapshotError)
    await expect(finding).rejects.toMatchObject({
      why: expect.stringContaining(`the object prod/${other} in its place`),
    })
  },
)

test('a plain snapshot whose name has a dot is one that the helper does not download', async () => {
  const bucket = await bucketOf({ 'v1.30': fixture('uncompressed') })
  await expect(findInBucket(bucket, 'v1.30', signal)).rejects.toMatchObject({
    why: expect.stringContaining('whose name has a dot'),
  })
})

test('a damaged archive is an error with its reason', async () => {
  const bucket = await bucketOf({ 'truncated.zip': fixture('truncated.zip') })
  await expect(findInBucket(bucket, 'truncated', signal)).rejects.toBeInstanceOf(SnapshotError)
})
