import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { errorText, RkeError } from '../../../../src/errors.ts'
import { listSnapshots, verifySnapshot } from '../../../../src/operations/snapshots/list-snapshots.ts'
import { removeSnapshots } from '../../../../src/operations/snapshots/remove-snapshots.ts'
import { saveSnapshot } from '../../../../src/operations/snapshots/save-snapshot.ts'
import type { SnapshotInfo } from '../../../../src/operations/snapshots/snapshot-results.ts'
import { placeText } from '../../../../src/snapshots/snapshot.ts'
import { ALL_ROLES } from '../clusters.ts'
import { eventsOf, Scenario } from '../support.ts'

const bucket = {
  endpoint: 's3.example.net',
  bucketName: 'b',
  folder: 'f',
  accessKey: 'KEYKEYKEY',
  secretKey: 'SECRETSECRET',
}
const fixture = (file: string): Buffer =>
  readFileSync(new URL(`../../../fixtures/snapshots/${file}`, import.meta.url))
let scenario: Scenario

/** Objects of the bucket. */
const objects = (): Map<string, Buffer> => scenario.world.buckets.get('s3.example.net/b') ?? new Map()

/** Files of snapshots on nodes, and scratch folders. */
const files = (): readonly string[] =>
  scenario.world.machines.flatMap(({ disk }) =>
    disk.below('/opt/rke').filter((path) => disk.at(path)?.type === 'file'),
  )

const rows = (snapshots: readonly SnapshotInfo[]): readonly string[] =>
  snapshots.map(({ hasState, hash, name, place, problem, revision }) =>
    [
      `${name} on ${placeText(place)}`,
      hasState ? 'state' : '',
      hash === undefined ? 'not read' : `revision ${revision === undefined ? '-' : 'known'}`,
      problem ?? '',
    ]
      .filter((part) => part !== '')
      .join(', '),
  )

beforeAll(async () => {
  scenario = await Scenario.up(ALL_ROLES)
  scenario.world.buckets.set('s3.example.net/b', new Map())
  await saveSnapshot(scenario.config, scenario.deps, { name: 'one', bucket }).result
  objects().set('f/one-more.zip', fixture('without-state.zip')).set('f/notes.txt', Buffer.from('x'))
})

test('the list has the snapshots of the bucket beside those of nodes; their data is not read', async () => {
  const { failures, snapshots } = await listSnapshots(scenario.config, scenario.deps, { bucket }).result
  expect(failures).toEqual([])
  expect(
    rows(snapshots)
      .filter((row) => row.includes('S3'))
      .toSorted(),
  ).toEqual(['one on S3, state, not read', expect.stringMatching(/^one-more on S3, not read, /)])
  expect(rows(snapshots).filter((row) => row.includes('revision known'))).toHaveLength(3)
})

test('of those in the bucket the list says what their state files say, also that one is damaged', async () => {
  const whole = objects().get('f/one.zip') ?? Buffer.alloc(0)
  const damaged = Buffer.from(whole)
  const at = damaged.lastIndexOf('/etc/kubernetes/one.rkestate', damaged.lastIndexOf('PK\x01\x02') - 1)
  damaged.writeUInt8(damaged.readUInt8(at + 60) ^ 0xff, at + 60)
  const listed = async (): Promise<SnapshotInfo | undefined> => {
    const { snapshots } = await listSnapshots(scenario.config, scenario.deps, { bucket }).result
    return snapshots.find(({ name, place }) => name === 'one' && place.kind === 's3')
  }
  const version = scenario.config.kubernetesVersion
  const found = await listed()
  expect(found).toMatchObject({
    hasState: true,
    kubernetesVersion: version,
    databaseBytes: expect.any(Number),
  })
  expect(JSON.stringify(found)).not.toContain('rkeConfig')
  objects().set('f/one.zip', damaged)
  expect(await listed()).toMatchObject({ isRestorable: true, problem: 'its state file is damaged' })
  objects().set('f/one.zip', whole)
})

test('to verify one it is downloaded to a node, read there, and removed again; the copies of nodes stay', async () => {
  const before = files()
  const { snapshots } = await verifySnapshot(scenario.config, scenario.deps, { names: ['one'], bucket })
    .result
  expect(rows(snapshots)).toEqual([
    'one on 10.66.0.11, state, revision known',
    'one on 10.66.0.12, state, revision known',
    'one on 10.66.0.13, state, revision known',
    'one on S3, state, revision known',
  ])
  expect(snapshots.at(-1)?.hash).toMatch(/^[0-9a-f]{64}$/)
  expect(files()).toEqual(before)
})

test('a bucket that cannot be used is named as a place that could not be asked, and the nodes are listed', async () => {
  const missing = { ...bucket, bucketName: 'missing' }
  const { failures, snapshots } = await listSnapshots(scenario.config, scenario.deps, { bucket: missing })
    .result
  expect(snapshots).toHaveLength(3)
  expect(failures.map((failure) => errorText(failure))).toEqual([
    'S3: open bucket missing of s3.example.net through 10.66.0.11: there is no bucket missing at s3.example.net',
  ])
})

test('removing takes the object of exactly that name besides the files, and shows it in the plan', async () => {
  const plan = await removeSnapshots(scenario.config, scenario.deps, { names: ['one'], bucket, dryRun: true })
    .result
  expect(plan.steps.map(({ title }) => title)).toContain('remove snapshot one.zip from the bucket')
  expect([...objects().keys()]).toContain('f/one.zip')

  await removeSnapshots(scenario.config, scenario.deps, { names: ['one'], bucket }).result
  expect([...objects().keys()].toSorted()).toEqual(['f/notes.txt', 'f/one-more.zip'])
  expect(files()).toEqual([])
})

test("removing by age in a bucket without a folder takes only what a node has as well: the rest may be another cluster's", async () => {
  const whole = { ...bucket, bucketName: 'shared', folder: '' }
  const stored = new Map<string, Buffer>()
  scenario.world.buckets.set('s3.example.net/shared', stored)
  await saveSnapshot(scenario.config, scenario.deps, { name: 'own', bucket: whole }).result
  const archive = stored.get('own.zip') ?? Buffer.alloc(0)
  stored.set('other.zip', archive)
  const later = { ...scenario.deps, clock: () => new Date('2100-01-01T00:00:00Z') }
  const run = removeSnapshots(scenario.config, later, { olderThanMs: 1000, bucket: whole })
  const warnings = (await eventsOf(run)).flatMap((event) =>
    event.type === 'notice' && event.level === 'warning' ? event.text : [],
  )
  await run.result
  expect([...stored.keys()]).toEqual(['other.zip'])
  expect(warnings).toEqual([expect.stringContaining('1 snapshot(s) of the bucket are left alone')])
})

test('nothing is removed anywhere while the bucket cannot be used', async () => {
  const missing = { ...bucket, bucketName: 'missing' }
  const run = removeSnapshots(scenario.config, scenario.deps, { names: ['one-more'], bucket: missing })
  const error = await run.result.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof RkeError)) throw error
  expect(error).toMatchObject({ kind: 'no-bucket', host: '10.66.0.11' })
})
