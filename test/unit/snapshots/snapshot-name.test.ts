import { expect, test } from 'vitest'
import {
  archiveFileName,
  defaultSnapshotName,
  kindOfSnapshot,
  nameOfFile,
  newSnapshotName,
  snapshotName,
  timeOfSnapshot,
} from '../../../src/snapshots/snapshot-name.ts'

test.each([
  [60, '2024-11-20T22:52:03+01:00'],
  [-210, '2024-11-20T18:22:03-03:30'],
  [345, '2024-11-21T03:37:03+05:45'],
  [0, '2024-11-20T21:52:03Z'],
])('a snapshot without a name gets that of RKE 1.6.3, %i minutes ahead of UTC', (ahead, local) => {
  const name = defaultSnapshotName(new Date('2024-11-20T21:52:03.900Z'), ahead)
  expect(name).toBe(`rke_etcd_snapshot_${local}`)
  expect(newSnapshotName(name)).toBe(name)
})

test.each(['before upgrade', 'a;reboot', '$(reboot)', '.hidden', '-rf', 'ä', "o'clock", 'a\nb', '.zip'])(
  'no snapshot is saved as %j',
  (name) => {
    expect(() => newSnapshotName(name)).toThrow('a snapshot cannot be named')
  },
)

test.each(['', '.', '..', '../up', '/backup/x', 'a/b', 'a\0b', 'x'.repeat(247)])(
  'no snapshot is looked for as %j',
  (name) => {
    expect(() => snapshotName(name)).toThrow('a snapshot cannot be named')
  },
)

test('a snapshot of RKE is found by the name it has, whatever that is', () => {
  expect(snapshotName('before upgrade; 2')).toBe('before upgrade; 2')
})

test('the name may be that of the file', () => {
  expect(snapshotName('before-upgrade.zip')).toBe('before-upgrade')
  expect(newSnapshotName('before-upgrade.zip')).toBe('before-upgrade')
  expect(nameOfFile(archiveFileName('x.zip'))).toBe('x.zip')
})

test.each([
  ['rke_etcd_snapshot_2024-11-20T22:52:03+01:00', 'manual', '2024-11-20T21:52:03Z'],
  ['before-upgrade', 'manual', undefined],
  ['my_etcd', 'manual', undefined],
  ['2024-11-20T21:52:03Z_etcd', 'recurring', '2024-11-20T21:52:03Z'],
  ['2024-11-20T22:52:03+01:00_etcd', 'recurring', '2024-11-20T21:52:03Z'],
  ['c-gzbx5-rl-v7jxj_2024-11-20T21:52:03Z', 'rancher', '2024-11-20T21:52:03Z'],
  ['c-gzbx5-ms-v7jxj_2024-11-20T21-52-03Z', 'rancher', '2024-11-20T21:52:03Z'],
  ['c-before-upgrade', 'manual', undefined],
])('%s is %s', (name, kind, taken) => {
  expect(kindOfSnapshot(name)).toBe(kind)
  expect(timeOfSnapshot(name)?.getTime()).toBe(taken === undefined ? undefined : Date.parse(taken))
})
