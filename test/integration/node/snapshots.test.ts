import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HELPER } from '../../../src/container-names.ts'
import type { Node } from '../../../src/node/node.ts'
import { openNode } from '../../../src/node/node-connection.ts'
import { copySnapshot } from '../../../src/node/snapshots/copy-snapshot.ts'
import { listFiles } from '../../../src/node/snapshots/list-snapshots.ts'
import { findSnapshot, readListed, readSnapshot } from '../../../src/node/snapshots/read-snapshot.ts'
import { unpackInto } from '../../../src/node/snapshots/unpack-snapshot.ts'
import { sshTransports } from '../../../src/node/transport/ssh-transport.ts'
import { fileNameOf, type SnapshotContent } from '../../../src/snapshots/snapshot.ts'
import { ensureImages } from '../../testbed/index.ts'
import { ensureRegistry } from '../../testbed/registry.ts'
import { type ArchiveMember, rkeArchive, snapshotDatabase } from '../../unit/fakes/rke-archive.ts'
import { realSnapshot } from '../support/real-snapshot.ts'
import { type Sshd, startSshd } from './sshd.ts'
import { makeTestImage, removeTestImage, TEST_IMAGE } from './test-image.ts'

const STATE = JSON.stringify({ desiredState: { rkeConfig: { kubernetesVersion: 'v1.31.1-rancher1-1' } } })
const { signal } = new AbortController()
let sshd: Sshd
let node: Node
let tools = ''
let database: Buffer = Buffer.alloc(0)
let folder = ''

beforeAll(async () => {
  await makeTestImage()
  await ensureImages(['v1.31.1-rancher1-1'])
  tools = `${await ensureRegistry()}/rancher/rke-tools:v0.1.100`
  execFileSync('docker', ['pull', '-q', tools], { stdio: 'ignore' })
  sshd = await startSshd()
  const transports = sshTransports({ readFile: (path) => readFile(path, 'utf8') })
  node = await openNode(sshd.spec, transports, signal)
  database = await realSnapshot(5)
}, 600_000)

afterAll(async () => {
  expect(await node.docker.inspectContainer(HELPER.readSnapshots)).toBeUndefined()
  removeTestImage()
  await node.close()
  await sshd.stop()
})

beforeEach(() => {
  folder = mkdtempSync(join(sshd.folder, 'snapshots-'))
})

const members = (name: string, content = database): ArchiveMember[] => [
  { name: `/backup/${name}`, content },
  { name: `/etc/kubernetes/${name}.rkestate`, content: Buffer.from(STATE) },
]
const put = (file: string, content: Buffer): void =>
  writeFileSync(join(folder, file), content, { mode: 0o600 })
const hash = (): string => createHash('sha256').update(database.subarray(0, -32)).digest('hex')
/** With one bit that is another one. */
function flipped(content: Buffer, at: number): Buffer {
  const copy = Buffer.from(content)
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at)
  return copy
}

describe.each([
  ["busybox's shell, without tools of etcd", () => TEST_IMAGE, false],
  ["Debian's shell, with etcdctl", () => tools, true],
])('with %s', (_, image, hasTools) => {
  const read = (name: string): Promise<SnapshotContent> =>
    readSnapshot(node, { image: image(), folder, name }, signal)
  const unpack = async (name: string, expectedHash: string, target: string): Promise<void> => {
    const { file, directory } = await findSnapshot(node, { image: image(), folder, name }, signal)
    const packed = { form: file.form, bytes: file.databaseBytes ?? 0, member: directory?.database }
    return unpackInto(
      node,
      target,
      { image: image(), name, archiveFolder: folder, ...packed, expectedHash },
      signal,
    )
  }

  test('a snapshot without a state says with which keys its data is encrypted', async () => {
    const body = Buffer.from(database.subarray(0, -32))
    const unused = body.indexOf(Buffer.alloc(128))
    body.write('/registry/secrets/a\u0001k8s:enc:aescbc:v1:key-1:\u0002\u0003', unused + 32, 'latin1')
    const encrypted = Buffer.concat([body, createHash('sha256').update(body).digest()])
    put('plain', encrypted)
    put('a.zip', rkeArchive(members('a', encrypted).slice(0, 1)))
    put('b.zip', rkeArchive(members('b', encrypted)))
    expect((await read('plain')).encryptedWith).toEqual(['aescbc:v1:key-1'])
    expect((await read('a')).encryptedWith).toEqual(['aescbc:v1:key-1'])
    expect((await read('b')).encryptedWith).toBeUndefined()
  })

  test('snapshots are listed in the order of names, and nothing else', async () => {
    put('b.zip', rkeArchive(members('b').slice(0, 1)))
    put('a b; reboot.zip', rkeArchive(members('a b; reboot')))
    put('2024-11-20T21:52:03Z_etcd.zip', rkeArchive(members('2024-11-20T21:52:03Z_etcd')))
    put('plain', database)
    put('pki.bundle.tar.gz', Buffer.from([0x1f, 0x8b]))
    put('.hidden.zip', Buffer.from('no archive'))
    mkdirSync(join(folder, 'folder.zip'))
    const listed = await listFiles(node, { image: image(), folder }, signal)
    const seen = listed.map(({ file }) => [file.name, file.form, file.hasState, file.problem === undefined])
    expect(seen.toSorted()).toEqual([
      ['.hidden', 'archive', false, false],
      ['2024-11-20T21:52:03Z_etcd', 'archive', true, true],
      ['a b; reboot', 'archive', true, true],
      ['b', 'archive', false, true],
      ['plain', 'plain', false, true],
    ])
    const [file] = listed.filter((one) => one.file.name === 'plain').map((one) => one.file)
    expect(file).toMatchObject({ bytes: database.length, databaseBytes: database.length })
    expect(Math.abs(Date.now() - (file?.modified.getTime() ?? 0))).toBeLessThan(60_000)
  })

  test('a folder without files has no snapshots', async () => {
    expect(await listFiles(node, { image: image(), folder }, signal)).toEqual([])
  })

  test('snapshots in every form are read, and nothing is written', async () => {
    put('one.zip', rkeArchive(members('one')))
    put('large.zip', rkeArchive(members('large').map((member) => ({ ...member, zip64: true }))))
    put('a b; reboot.zip', rkeArchive(members('a b; reboot')))
    put('plain', database)
    chmodSync(folder, 0o500)
    const before = readdirSync(folder).map((file) => [file, statSync(join(folder, file)).mtimeMs])
    const databaseOnly = { hash: hash(), bytes: database.length }
    const status = hasTools ? { revision: 6, keys: expect.any(Number) } : {}
    for (const name of ['one', 'large', 'a b; reboot']) {
      const { state, ...content } = await read(name)
      expect(content).toEqual({ ...databaseOnly, ...status, kubernetesVersion: 'v1.31.1-rancher1-1' })
      expect(state?.reveal()).toBe(STATE)
    }
    expect(await read('plain')).toEqual({ ...databaseOnly, ...status, encryptedWith: [] })
    expect(readdirSync(folder).map((file) => [file, statSync(join(folder, file)).mtimeMs])).toEqual(before)
  })

  test('several snapshots are read by one helper, each with its own result', async () => {
    put('a.zip', flipped(rkeArchive(members('a')), 60))
    put('b.zip', rkeArchive(members('b')))
    put('c.zip', Buffer.from('no archive'))
    const listed = await listFiles(node, { image: image(), folder }, signal)
    const results = await readListed(node, { image: image(), folder }, listed, signal)
    expect(results).toMatchObject([
      { problem: expect.stringMatching(/damaged/) },
      { content: { hash: hash() } },
      { problem: expect.stringMatching(/truncated/) },
    ])
  })

  test.each([0.001, 0.7])('a bit that flipped in the database, at %d of it, is found', async (part) => {
    const archive = rkeArchive(members('one').slice(0, 1))
    put('one.zip', flipped(archive, Math.floor(60 + part * (archive.length - 250))))
    await expect(read('one')).rejects.toMatchObject({
      name: 'SnapshotError',
      host: '127.0.0.1',
      what: 'the snapshot one cannot be used',
      why: expect.stringMatching(/data is damaged/),
    })
    put('one', flipped(database, Math.floor(20_000 + part * (database.length - 20_000))))
    rmSync(join(folder, 'one.zip'))
    await expect(read('one')).rejects.toThrow(/SHA-256 is not the one that etcd wrote/)
  })

  test('a damaged state does not make the database unusable', async () => {
    const [backup, state] = members('one')
    if (backup === undefined || state === undefined) throw new Error('no members')
    const archive = rkeArchive([backup, { ...state, content: Buffer.from('{ no json') }])
    put('one.zip', archive)
    expect(await read('one')).toMatchObject({ hash: hash(), stateProblem: 'its state file holds no state' })
    const good = rkeArchive([backup, state])
    put('one.zip', flipped(good, good.indexOf(state.name) + state.name.length + 12))
    expect(await read('one')).toMatchObject({ hash: hash(), stateProblem: 'its state file is damaged' })
  })

  test('what is no database of etcd is refused before it is unpacked', async () => {
    put('one.zip', rkeArchive([{ name: '/backup/one', content: Buffer.alloc(1024 * 512 + 32) }]))
    await expect(read('one')).rejects.toThrow(/is no database of etcd/)
  })

  test('a snapshot that is not there is missed with its name', async () => {
    await expect(read('none')).rejects.toMatchObject({ what: 'there is no snapshot none', host: '127.0.0.1' })
  })

  test('a database is unpacked once it has the hash that is expected, and again in its place', async () => {
    put('one.zip', rkeArchive(members('one')))
    put('plain', database)
    const target = mkdtempSync(join(sshd.folder, 'scratch-'))
    for (const name of ['one', 'one', 'plain']) await unpack(name, hash(), target)
    expect(readdirSync(target)).toEqual(['one', 'plain'])
    for (const name of readdirSync(target)) {
      expect(readFileSync(join(target, name)).equals(database)).toBe(true)
      expect(statSync(join(target, name)).mode & 0o777).toBe(0o600)
    }
  })

  test('a database that is there, whole, is not unpacked again, and one that is not whole is', async () => {
    put('one.zip', rkeArchive(members('one')))
    const target = mkdtempSync(join(sshd.folder, 'scratch-'))
    const inode = async (): Promise<number> => {
      await unpack('one', hash(), target)
      expect(readFileSync(join(target, 'one')).equals(database)).toBe(true)
      return statSync(join(target, 'one')).ino
    }
    const first = await inode()
    expect(await inode()).toBe(first)
    writeFileSync(join(target, 'one'), flipped(database, 9000))
    expect(await inode()).not.toBe(first)
    truncateSync(join(target, 'one'), 20)
    await inode()
  })

  test('a database that was unpacked beside its archive is read there, where that is so', async () => {
    put('one.zip', rkeArchive(members('one')))
    const unpacked = (): Promise<SnapshotContent> =>
      readSnapshot(node, { image: image(), folder, name: 'one', isUnpacked: true }, signal)
    expect(await unpacked()).toMatchObject({ hash: hash(), state: expect.anything() })
    put('one', database)
    expect(await unpacked()).toMatchObject({ hash: hash(), state: expect.anything() })
    put('one', flipped(database, 9000))
    await expect(unpacked()).rejects.toThrow(/SHA-256 is not the one/)
    expect(await read('one')).toMatchObject({ hash: hash() })
  })

  test('a database goes to other nodes as it is, whatever form it has in the folder', async () => {
    put('one.zip', rkeArchive(members('one')))
    put('two', database)
    const to = mkdtempSync(join(sshd.folder, 'scratch-'))
    const listed = await listFiles(node, { image: image(), folder }, signal)
    for (const { file, directory } of listed) {
      const copy = { from: folder, to, file: fileNameOf(file), member: directory?.database }
      await copySnapshot(node, [node], { ...copy, image: image(), signal })
    }
    for (const name of ['one', 'two']) {
      expect(readFileSync(join(to, name)).equals(database)).toBe(true)
      expect(statSync(join(to, name)).mode & 0o777).toBe(0o600)
    }
  })

  test('a database with another hash is not unpacked, and leaves nothing', async () => {
    put('one.zip', rkeArchive(members('one')))
    put('two.zip', flipped(rkeArchive(members('two')), 500))
    const target = mkdtempSync(join(sshd.folder, 'scratch-'))
    const other = '0'.repeat(64)
    await expect(unpack('one', other, target)).rejects.toThrow(`its SHA-256 is ${hash()}, not ${other}`)
    await expect(unpack('two', hash(), target)).rejects.toThrow(/damaged/)
    expect(readdirSync(target)).toEqual([])
  })

  test('a disk without room for the database is not filled', async () => {
    put('one.zip', rkeArchive(members('one')))
    const target = mkdtempSync(join(sshd.folder, 'scratch-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', target])
    try {
      await expect(unpack('one', hash(), target)).rejects.toThrow(/no room to unpack it: .* 17 MB are free/)
      expect(readdirSync(target)).toEqual([])
    } finally {
      execFileSync('umount', [target])
    }
  })
})

test('a database that etcd itself finds damaged is refused', async () => {
  put('one.zip', rkeArchive(members('one', snapshotDatabase('no pages'))))
  await expect(readSnapshot(node, { image: tools, folder, name: 'one' }, signal)).rejects.toThrow(
    /etcd's own check failed/,
  )
})
