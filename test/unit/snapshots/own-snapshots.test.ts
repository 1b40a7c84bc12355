import { expect, test } from 'vitest'
import { ownSnapshots } from '../../../src/plan/snapshots/own-snapshots.ts'
import type { SnapshotFile, SnapshotPlace } from '../../../src/snapshots/snapshot.ts'

const RECURRING = '2026-03-01T08:00:00Z_etcd'
const file = (name: string, place: SnapshotPlace): SnapshotFile => ({
  name,
  place,
  bytes: 1,
  modified: new Date(0),
  form: 'archive',
  hasState: true,
})
const stored = ['own', 'other', RECURRING].map((name) => file(name, { kind: 's3', key: `${name}.zip` }))
const onNodes = [file('own', { kind: 'node', address: '10.0.0.1' })]

test.each([
  ['by age are those of its nodes, and recurring ones', { olderThanMs: 1 }, ['own', RECURRING]],
  ['where the newest stay are those of its nodes alone', { olderThanMs: 1, keep: 1 }, ['own']],
])('what a cluster removes of a bucket that others may use %s', (_, choice, names) => {
  expect(ownSnapshots(stored, onNodes, choice).map(({ name }) => name)).toEqual(names)
})
