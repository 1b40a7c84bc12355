import { execFileSync, spawn } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { etcdDataSetAside } from '../../../src/actions/snapshots/etcd-data.ts'
import { recoverData } from '../../../src/actions/snapshots/recover-data.ts'
import type { Node } from '../../../src/node/node.ts'
import { openNode } from '../../../src/node/node-connection.ts'
import {
  type MemberData,
  type MemberDataOptions,
  readMemberData,
} from '../../../src/node/snapshots/read-member-data.ts'
import { sshTransports } from '../../../src/node/transport/ssh-transport.ts'
import type { EtcdRecoverData } from '../../../src/plan/action/recover.ts'
import { ensureImages } from '../../testbed/index.ts'
import { ensureRegistry } from '../../testbed/registry.ts'
import { bench } from '../../unit/actions/support.ts'
import { realSnapshot } from '../support/real-snapshot.ts'
import { type Sshd, startSshd } from './sshd.ts'

const { signal } = new AbortController()
let sshd: Sshd
let node: Node
let image = ''
let database: Buffer = Buffer.alloc(0)
let directory = ''

beforeAll(async () => {
  await ensureImages(['v1.31.1-rancher1-1'])
  image = `${await ensureRegistry()}/rancher/rke-tools:v0.1.100`
  execFileSync('docker', ['pull', '-q', image], { stdio: 'ignore' })
  sshd = await startSshd()
  const transports = sshTransports({ readFile: (path) => readFile(path, 'utf8') })
  node = await openNode(sshd.spec, transports, signal)
  database = await realSnapshot(5)
}, 600_000)

afterAll(async () => {
  await node.close()
  await sshd.stop()
})

beforeEach(() => {
  directory = join(mkdtempSync(join(sshd.folder, 'data-')), 'etcd')
  mkdirSync(join(directory, 'member/snap'), { recursive: true })
  mkdirSync(join(directory, 'member/wal'))
  writeFileSync(join(directory, 'member/wal/0000000000000000-0000000000000000.wal'), 'log')
  writeFileSync(join(directory, 'member/snap/db'), database)
})

describe('the data of a member', () => {
  it('has the revision that etcd had, whether its database is read or copied first', async () => {
    const data = await read()
    expect(data).toMatchObject({ revision: 6, damage: undefined, aside: false, kept: [] })
    expect(data.size).toBeGreaterThan(database.length)
    expect(data.free).toBeGreaterThan(0)
    expect((await read({ database: 'copy' })).revision).toBe(6)
  })

  it('can be read while a running etcd has its database locked', async () => {
    const file = join(directory, 'member/snap/db')
    const holder = spawn('flock', ['-x', file, 'cat'], { stdio: ['pipe', 'ignore', 'ignore'] })
    try {
      expect((await read({ database: 'copy' })).revision).toBe(6)
    } finally {
      holder.stdin.end()
    }
  })

  it('is damaged if its database is cut off, empty or missing, or its log is', async () => {
    truncateSync(join(directory, 'member/snap/db'), 8192)
    expect((await read()).damage).toMatch(/database cannot be read: ./)
    truncateSync(join(directory, 'member/snap/db'), 0)
    expect((await read()).damage).toMatch('is missing or empty')
    execFileSync('rm', ['-r', join(directory, 'member/wal')])
    expect((await read()).damage).toMatch('its log')
  })

  it('is found where the data directory is a symbolic link to another disk', async () => {
    const disk = mkdtempSync(join(sshd.folder, 'disk-'))
    renameSync(directory, join(disk, 'data'))
    symlinkSync(join(disk, 'data'), directory)
    expect(await read()).toMatchObject({ revision: 6, damage: undefined })
    await change('etcd.recover.copy')
    expect((await read()).aside).toBe(true)
  })

  it('is absent where there is none, and reading makes no folder', async () => {
    execFileSync('rm', ['-r', directory])
    expect(await read()).toMatchObject({ size: undefined, revision: undefined, damage: undefined })
    expect(readdirSync(join(directory, '..'))).toEqual([])
  })
})

describe('what is done with the data', () => {
  it('a copy is made once, kept under a name with the time, and deleted at last', async () => {
    await change('etcd.recover.copy')
    writeFileSync(join(directory, 'member/snap/db'), 'changed')
    await change('etcd.recover.copy')
    expect(readFileSync(join(directory, 'before-recover/member/snap/db')).equals(database)).toBe(true)
    expect((await read()).aside).toBe(true)
    await change('etcd.recover.keep')
    const { aside, kept } = await read()
    expect(aside).toBe(false)
    expect(kept).toEqual([expect.stringMatching(/^before-recover-\d{8}T\d{6}Z$/)])
    await change('etcd.recover.discard')
    expect(readdirSync(directory)).toEqual(['member'])
  })

  it('data is moved aside once; what an interrupted run made after that is removed', async () => {
    await change('etcd.recover.set-aside')
    expect(await read()).toMatchObject({ size: undefined, aside: true })
    mkdirSync(join(directory, 'member'))
    await change('etcd.recover.set-aside')
    expect(readdirSync(directory)).toEqual(['before-recover'])
    expect(readFileSync(join(directory, 'before-recover/member/snap/db')).equals(database)).toBe(true)
  })

  it('a restore keeps what an interrupted recovery has set aside under a name with the time', async () => {
    await change('etcd.recover.copy')
    const kind = 'etcd.data.set-aside'
    const action = { ...parts(), kind, id: 'set-aside', restore: '2026-01-01T10:00:00.000Z' } as const
    await etcdDataSetAside.run(action, { ...bench(node.address).context, node: () => node, signal })
    expect(readdirSync(directory)).toEqual([
      expect.stringMatching(/^before-recover-\d{8}T\d{6}Z$/),
      'before-restore',
    ])
  })
})

function read(options: Partial<MemberDataOptions> = {}): Promise<MemberData> {
  return readMemberData(node, {
    image,
    helper: 'reader',
    directory,
    selinux: false,
    database: 'file',
    signal,
    ...options,
  })
}

function change(kind: EtcdRecoverData['kind']): Promise<void> {
  return recoverData.run(
    { ...parts(), kind, id: kind },
    { ...bench(node.address).context, node: () => node, signal },
  )
}

const parts = () => ({ node: node.address, image, directory, selinux: false, because: [], after: [] })
