import { createHash } from 'node:crypto'
import { readFileSync, utimesSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { network } from '../../testbed/addresses.ts'
import { ensureNetwork } from '../../testbed/network.ts'
import { waitUntil } from '../../testbed/wait-until.ts'
import { CertificateFiles } from '../support/certificate-files.ts'
import { type SmallEtcd, startSmallEtcd } from './etcd.ts'
import { HelperNode, tlsFlags } from './helper-node.ts'
import { membersOf } from './zip-members.ts'

const LOG_LINE =
  /^time="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)" level=[a-z]+ msg="([^"\\]|\\.)*"( [\w-]+=.*)*$/

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../fixtures/snapshots/${name}`, import.meta.url))

/** The last 32 bytes of etcd's file are the hash of the others. */
const isWhole = (database: Buffer): boolean =>
  createHash('sha256').update(database.subarray(0, -32)).digest().equals(database.subarray(-32))

let etcd: SmallEtcd
let node: HelperNode

const save = (name: string, ...more: readonly string[]): readonly string[] => [
  ...['save', ...tlsFlags, '--name', name, `--endpoints=${etcd.address}:2379`, '--once', ...more],
]

beforeAll(async () => {
  etcd = await startSmallEtcd(21)
  node = new HelperNode(etcd.certificates.dir)
})
beforeEach(() => node.empty())
afterAll(async () => {
  node?.[Symbol.dispose]()
  await etcd?.[Symbol.asyncDispose]()
})

describe('the snapshot helper', () => {
  test('refuses an unknown flag and an unknown command with its usage on standard output', async () => {
    const [flag, command] = await Promise.all([
      node.run(['save', '--unknown']),
      node.run(['shave', '--name', 'a']),
    ])
    expect([flag.code, flag.stdout]).toEqual([1, expect.stringContaining('-s3-bucketName')])
    expect([command.code, command.stdout]).toEqual([1, expect.stringContaining('save|delete|download')])
  })

  test.each([
    ['save', '--cleanup'],
    ['download', '--once'],
    ['extractstatefile', '--backup-retries=1'],
    ['delete', '--cacert=a'],
    ['serve', '--s3-backup'],
  ])('%s does not know %s', async (command, flag) => {
    expect((await node.run([command, flag])).code).toBe(1)
  })

  test('takes a truth from the environment: empty is false, anything else must be readable', async () => {
    node.write('a.zip', fixture('before-upgrade.zip'))
    const extract = ['extractstatefile', '--name', 'before-upgrade']
    expect(await node.run(extract, { env: { S3_BACKUP: 'perhaps' } })).toMatchObject({ code: 1, stderr: '' })
    node.write('before-upgrade.zip', fixture('before-upgrade.zip'))
    expect(await node.run(extract, { env: { S3_BACKUP: '' } })).toMatchObject({ code: 0 })
  })

  describe('save --once', () => {
    test('leaves one archive with the database and the state file, and nothing else', async () => {
      node.writeState('before', '{"desiredState":{}}')
      const saved = await node.run(save('before'))
      expect(saved).toMatchObject({ code: 0, stdout: '' })
      expect(saved.stderr.trimEnd().split('\n')).toSatisfy((lines: string[]) =>
        lines.every((line) => LOG_LINE.test(line)),
      )
      expect([node.files, node.stateFiles, node.mode('before.zip')]).toEqual([['before.zip'], [], '600'])
      const form = { method: 8, dataDescriptor: true }
      expect(membersOf(node.read('before.zip'))).toEqual([
        { ...form, name: '/backup/before', mode: '600', bytes: expect.any(Number) },
        { ...form, name: '/etc/kubernetes/before.rkestate', mode: '400', bytes: 19 },
      ])
    })

    test('makes an archive of the database alone where no state file lies ready', async () => {
      await node.run(save('alone'))
      expect(membersOf(node.read('alone.zip')).map(({ name }) => name)).toEqual(['/backup/alone'])
    })

    test('takes flags with one dash, values after a blank, and ignores what follows', async () => {
      const args = save('one-dash').map((arg) => arg.replace(/^--/, '-'))
      expect(await node.run([...args, 'more', 'words'])).toMatchObject({ code: 0 })
    })

    test.each([['--creation=0h'], ['--retention=0h']])('refuses %s', async (flag) => {
      const { code, lastLine } = await node.run(save('zero', flag))
      expect([code, lastLine, node.files]).toEqual([1, expect.stringContaining('level=fatal'), []])
    })

    test('refuses to run without certificates, unless the environment names them', async () => {
      const bare = save('bare').filter((arg) => !tlsFlags.includes(arg))
      expect((await node.run(bare)).code).toBe(1)
      const [, ETCD_CACERT = '', , ETCD_CERT = '', , ETCD_KEY = ''] = tlsFlags
      expect((await node.run(bare, { env: { ETCD_CACERT, ETCD_CERT, ETCD_KEY } })).code).toBe(0)
    })

    test('fails at once, and keeps the state file, where etcd does not answer', async () => {
      node.writeState('nobody', '{}')
      const nobody = save('nobody').map((arg) => arg.replace(etcd.address, '127.0.0.1'))
      const begun = Date.now()
      const { code, lastLine } = await node.run(nobody)
      expect([code, lastLine]).toEqual([1, expect.stringMatching(/level=fatal msg="etcd is not healthy/)])
      expect(node.stateFiles).toEqual(['nobody.rkestate'])
      expect(Date.now() - begun).toBeLessThan(14_000)
    })

    test("drops old rotating snapshots of Rancher's series, and nothing else", async () => {
      const yesterday = new Date(Date.now() - 25 * 3_600_000)
      const old = ['c-abc12-rl-older.zip', 'c-abc12-ml-older.zip', 'c-other-rl-older.zip', 'old.zip']
      for (const name of old) utimesSync(node.write(name, ''), yesterday, yesterday)
      node.write('c-abc12-rl-young.zip', '')
      expect((await node.run(save('c-abc12-rl-new'))).code).toBe(0)
      expect(node.files).toEqual([
        'c-abc12-ml-older.zip',
        'c-abc12-rl-new.zip',
        'c-abc12-rl-young.zip',
        'c-other-rl-older.zip',
        'old.zip',
      ])
    })
  })

  describe('extractstatefile', () => {
    const extract = (name: string) =>
      node.run(['extractstatefile', '--name', name], { wanted: '/tmp/cluster.rkestate' })

    test('gives the state of an archive to who copies it out of the container', async () => {
      node.write('before-upgrade.zip', fixture('before-upgrade.zip'))
      const { code, file } = await extract('before-upgrade')
      expect([code, JSON.parse(file ?? '')]).toEqual([
        0,
        expect.objectContaining({ desiredState: expect.anything() }),
      ])
    })

    test.each(['without-state.zip', 'renamed.zip', 'truncated.zip', 'empty.zip'])(
      'fails for %s',
      async (file) => {
        node.write(file, fixture(file))
        expect(await extract(file.replace('.zip', ''))).toMatchObject({ code: 1, file: undefined })
      },
    )

    test('fails where there is no archive', async () => {
      expect(await extract('missing')).toMatchObject({ code: 1 })
    })
  })

  describe('delete', () => {
    test('removes the archive and the database; what is not there is no failure', async () => {
      for (const name of ['a.zip', 'a', 'ab.zip']) node.write(name, '')
      expect((await node.run(['delete', '--name', 'a'])).code).toBe(0)
      expect(node.files).toEqual(['ab.zip'])
      expect((await node.run(['delete', '--name', 'a'])).code).toBe(0)
    })

    test('with --cleanup removes the database only where its archive is beside it', async () => {
      for (const name of ['a.zip', 'a', 'b']) node.write(name, '')
      for (const name of ['a', 'b']) await node.run(['delete', '--name', name, '--cleanup'])
      expect(node.files).toEqual(['a.zip', 'b'])
    })

    test('needs a name', async () => {
      expect((await node.run(['delete'])).code).toBe(1)
    })
  })

  describe('serve and download', () => {
    const served = ['serve', '--name', 'before-upgrade', ...tlsFlags]
    const inNetwork = { network: network.name }
    const fetched = (from: string, name = 'before-upgrade', where = node) =>
      where.run(['download', '--name', name, '--local-endpoint', from, ...tlsFlags], inNetwork)

    test('hand the database of an archive to another node', async () => {
      await ensureNetwork()
      node.write('before-upgrade.zip', fixture('before-upgrade.zip'))
      await using server = await node.start(served, inNetwork)
      const from = await server.address()
      using other = new HelperNode(etcd.certificates.dir)
      await waitUntil('the server', async () => (await fetched(from, undefined, other)).code === 0, 15_000)
      expect(other.read('before-upgrade').equals(node.read('before-upgrade'))).toBe(true)
      expect(isWhole(other.read('before-upgrade'))).toBe(true)
      expect([other.files, other.mode('before-upgrade')]).toEqual([['before-upgrade'], '600'])
      expect(node.files).toEqual(['before-upgrade', 'before-upgrade.zip'])

      expect((await fetched(from, 'before', other)).lastLine).toMatch(/404/)

      using strangers = await CertificateFiles.create(['127.0.0.1'])
      using stranger = new HelperNode(strangers.dir)
      expect((await fetched(from, undefined, stranger)).lastLine).toMatch(/level=fatal .*certificate/)
    })

    test('serve ends at once where it has no such snapshot, or cannot unpack it', async () => {
      expect((await node.run(served, inNetwork)).code).toBe(1)
      node.write('before-upgrade.zip', fixture('truncated.zip'))
      expect((await node.run(served, inNetwork)).code).toBe(1)
    })

    test('download needs all three certificate files and an endpoint', async () => {
      expect((await node.run(['download', '--name', 'a', ...tlsFlags])).code).toBe(1)
      expect((await node.run(['download', '--name', 'a', '--local-endpoint', '127.0.0.1'])).code).toBe(1)
    })
  })
})
