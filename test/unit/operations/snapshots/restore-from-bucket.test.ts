import { expect, test } from 'vitest'
import { ALL_ROLES } from '../clusters.ts'
import type { Scenario } from '../support.ts'
import { expectOneWorld, madeIn, withSnapshot } from './worlds.ts'

const bucket = {
  endpoint: 's3.example.net',
  bucketName: 'b',
  folder: 'f',
  accessKey: 'KEY',
  secretKey: 'SECRET',
}
const ARCHIVE = '/opt/rke/etcd-snapshots/s1.zip'

/** A cluster whose snapshot `s1` is in the bucket as well, with these other objects. */
async function withCopy(others: Readonly<Record<string, string>> = {}): Promise<Scenario> {
  const scenario = await withSnapshot(ALL_ROLES)
  const archive = scenario.world.machines[0]?.disk.bytes(ARCHIVE) ?? Buffer.alloc(0)
  const objects = Object.entries(others).map(([key, text]) => [key, Buffer.from(text)] as const)
  scenario.world.buckets.set('s3.example.net/b', new Map([['f/s1.zip', archive], ...objects]))
  return scenario
}

const removeCopies = ({ world }: Scenario): void => {
  for (const { disk } of world.machines) disk.remove(ARCHIVE)
}

test('a snapshot that only the bucket has is restored on all nodes', async () => {
  const scenario = await withCopy()
  removeCopies(scenario)
  const { steps } = await scenario.restore({ name: 's1', bucket }).result
  expect(steps.filter(({ kind }) => kind === 'snapshot.download').map(({ node }) => node)).toEqual([
    '10.66.0.11',
    '10.66.0.12',
    '10.66.0.13',
  ])
  expect(madeIn(scenario)).toEqual(['before'])
  await expectOneWorld(scenario)
})

test.each([
  ['is not there', 's1', { ...bucket, bucketName: 'missing' }, { kind: 'no-bucket' }],
  ['has no such snapshot', 's1x', bucket, { hint: expect.stringContaining('there are s1; ') }],
] as const)(
  'where the bucket %s, no file of that name on a node is restored',
  async (_, name, from, failure) => {
    const scenario = await withCopy()
    await expect(scenario.restore({ name, bucket: from }).result).rejects.toMatchObject(failure)
    expect(madeIn(scenario)).toEqual(['after', 'before'])
  },
)

test('an object that the helper would take for the snapshot is named, and nothing is restored', async () => {
  const scenario = await withCopy({ 'f/s1': 'something else' })
  await expect(scenario.restore({ name: 's1', bucket }).result).rejects.toMatchObject({
    message: expect.stringContaining('the object f/s1 in its place'),
  })
  expect(madeIn(scenario)).toEqual(['after', 'before'])
})

test('a node whose disk has no room is not filled with a download, and nothing is restored', async () => {
  const scenario = await withCopy()
  const [machine] = scenario.world.machines
  if (machine !== undefined) machine.disk.freeAt = () => 0
  await expect(scenario.restore({ name: 's1', bucket }).result).rejects.toMatchObject({
    name: 'SnapshotError',
    message: expect.stringMatching(/^there is no room to read the snapshot s1 of the bucket: 0 MB are free/),
    untouched: true,
  })
  expect(madeIn(scenario)).toEqual(['after', 'before'])
})
