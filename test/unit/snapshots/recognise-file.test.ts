import { expect, test } from 'vitest'
import { TAIL_BYTES } from '../../../src/snapshots/read-members.ts'
import { HEAD_BYTES, recogniseFile } from '../../../src/snapshots/recognise-file.ts'
import { type ArchiveMember, rkeArchive, snapshotDatabase } from '../fakes/rke-archive.ts'

const database = snapshotDatabase('some keys'.repeat(2000))
const backup: ArchiveMember = { name: '/backup/one', content: database }
const state: ArchiveMember = { name: '/etc/kubernetes/one.rkestate', content: Buffer.from('{}') }

const recognise = (file: string, content: Buffer) =>
  recogniseFile({
    file,
    bytes: content.length,
    head: content.subarray(0, HEAD_BYTES),
    tail: content.subarray(-TAIL_BYTES),
  })

/** Why an archive named `one.zip` with these members is no snapshot. */
const problemOf = async (...members: ArchiveMember[]) =>
  (await recognise('one.zip', rkeArchive(members)))?.problem

test.each([
  ['with state', [backup, state], true],
  ['without state', [backup], false],
  ['with the fields of large files', [{ ...backup, zip64: true }, state], true],
])('an archive of RKE %s is a snapshot', async (_, members, hasState) => {
  expect(await recognise('one.zip', rkeArchive(members))).toMatchObject({
    name: 'one',
    form: 'archive',
    hasState,
    databaseBytes: database.length,
  })
})

test('the longest name has room in what is read of a file', async () => {
  const name = 'x'.repeat(246)
  const archive = rkeArchive([
    { ...backup, name: `/backup/${name}`, zip64: true },
    { ...state, name: `/etc/kubernetes/${name}.rkestate`, zip64: true },
  ])
  expect(await recognise(`${name}.zip`, archive)).toMatchObject({ name, hasState: true })
})

test("etcd's own file is a snapshot without state", async () => {
  expect(await recognise('one', database)).toEqual({
    name: 'one',
    form: 'plain',
    hasState: false,
    databaseBytes: database.length,
  })
})

test('what else is in the folder is no snapshot', async () => {
  expect(await recognise('pki.bundle.tar.gz', Buffer.from([0x1f, 0x8b, 8, 0]))).toBeUndefined()
  expect(await recognise('notes.txt', Buffer.from('do not delete'))).toBeUndefined()
  expect(await recognise('empty', Buffer.alloc(0))).toBeUndefined()
})

test('a truncated snapshot is listed, and that it is truncated', async () => {
  const archive = rkeArchive([backup, state])
  for (const length of [0, 1, 21, 22, 100, archive.length - 1])
    expect((await recognise('one.zip', archive.subarray(0, length)))?.problem).toMatch(/truncated/)
  expect((await recognise('one', database.subarray(0, 8192)))?.problem).toMatch(/is not complete/)
})

test('a renamed archive is listed with the name that it needs, because RKE would not find its data', async () => {
  expect((await recognise('two.zip', rkeArchive([backup, state])))?.problem).toBe(
    'the file was renamed: it holds the snapshot one. Give it back its name one.zip',
  )
})

test.each([
  '../../etc/cron.d/x',
  '/backup/../../etc/passwd',
  '/etc/kubernetes/ssl/kube-ca.pem',
  '/backup/one.rkestate',
])('an archive that also holds %s is refused', async (name) => {
  const problem = await problemOf(backup, { name, content: Buffer.from('x') })
  expect(problem).toBe(`it holds "${name}", which is no part of a snapshot`)
})

test('an archive of something else is refused', async () => {
  expect(await problemOf({ name: 'backup/one', content: database })).toMatch(/it holds "backup\/one"/)
  expect(await problemOf(state)).toBe('it does not hold /backup/one')
  expect(await problemOf()).toBe('it does not hold /backup/one')
})

test('an archive that holds a member twice is refused', async () => {
  expect(await problemOf(backup, backup)).toBe('it holds a member twice')
  expect(await problemOf(backup, state, state)).toBe('it holds a member twice')
})

test('an archive of very many members is not read to its end', async () => {
  const many = Array.from({ length: 2000 }, (_, index) => ({ name: `/backup/${index}`, content: database }))
  expect(await problemOf(...many)).toBeDefined()
})

test('a size that the data cannot have is refused', async () => {
  const bytes = 10 * 1024 ** 3 + 32
  expect(await problemOf({ ...backup, declaredBytes: bytes })).toMatch(
    /10737418272 bytes, which .* cannot hold/,
  )
  expect(await problemOf(backup, { ...state, declaredBytes: 2 ** 31 })).toMatch(/cannot hold/)
  expect(await problemOf({ ...backup, declaredBytes: database.length + 1 })).toMatch(/is not complete/)
})

test('whichever bit of the directory flips, no data is looked for outside of the file', async () => {
  const archive = rkeArchive([backup, state])
  const begin = archive.readUInt32LE(archive.length - 22 + 16)
  let refused = 0
  for (let at = begin; at < archive.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const flipped = Buffer.from(archive)
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << bit), at)
      const found = await recognise('one.zip', flipped)
      if (found?.directory === undefined) refused++
      const members = [found?.directory?.database, found?.directory?.state]
      const ends = members.flatMap((member) => (member ? [member.offset + member.compressedBytes] : []))
      expect(Math.max(0, ...ends)).toBeLessThan(archive.length)
    }
  }
  // The rest are times, modes and versions, and what is compared when the data is read.
  expect(refused).toBeGreaterThan(500)
})
