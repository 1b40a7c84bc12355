import { beforeEach, describe, expect, test } from 'vitest'
import { snapshotArchive, snapshotDatabase } from '../fakes/rke-archive.ts'
import type { CliCluster, Ended } from './cli-cluster.ts'
import { useClusters } from './use-clusters.ts'

const clusters = useClusters()
const FOLDER = '/opt/rke/etcd-snapshots'
const [A, B, C] = ['10.66.0.11', '10.66.0.12', '10.66.0.13'] as const
const yaml = `nodes:
${[A, B, C].map((address) => `- {address: ${address}, user: u, role: [controlplane, etcd, worker]}`).join('\n')}
`
const NOW = (): Date => new Date('2024-12-01T00:00:00Z')
const STATE = JSON.stringify({
  desiredState: {},
  currentState: { rkeConfig: { kubernetesVersion: 'v1.30.4-rancher1-1' } },
})

let cluster: CliCluster

beforeEach(async () => {
  cluster = await clusters.of(yaml)
})

const disk = (address: string) => cluster.world.machine(address).disk
const files = (address: string): readonly string[] =>
  disk(address)
    .below(FOLDER)
    .map((path) => path.slice(FOLDER.length + 1))
const put = (address: string, file: string, content: Buffer): void =>
  disk(address).write(`${FOLDER}/${file}`, content, 0o600)
const rke = (line: string): Promise<Ended> => cluster.rke(line, 'home', NOW)

const database = (revision: number): Buffer => snapshotDatabase(JSON.stringify({ revision, keys: 3 }))
const archive = (name: string, revision = 7, state: Buffer | undefined = Buffer.from(STATE)): Buffer =>
  snapshotArchive(name, database(revision), state)
/** Puts an archive of this name on nodes. */
function save(name: string, ...addresses: readonly string[]): void {
  for (const address of addresses) put(address, `${name}.zip`, archive(name))
}
/** With a bit that is another one, in the data of the database. */
function damaged(name: string): Buffer {
  const content = archive(name)
  const at = 30 + `/backup/${name}`.length + 9 + 20
  content.writeUInt8(content.readUInt8(at) ^ 1, at)
  return content
}

describe('rke etcd snapshot-ls', () => {
  test('shows what is where, the newest first, and copies that are equal on one line', async () => {
    save('rke_etcd_snapshot_2024-11-20T22:52:03+01:00', A, B)
    put(
      C,
      'rke_etcd_snapshot_2024-11-20T22:52:03+01:00.zip',
      archive('rke_etcd_snapshot_2024-11-20T22:52:03+01:00', 8),
    )
    put(B, '2024-11-21T00:00:00Z_etcd.zip', snapshotArchive('2024-11-21T00:00:00Z_etcd', database(9)))
    save('c-gzbx5-rl-v7jxj_2024-11-19T00:00:00Z', C)
    put(A, '2024-11-18T00:00:00Z_etcd', database(3))
    put(A, 'pki.bundle.tar.gz', Buffer.from('certificates'))
    const { code, out } = await rke('etcd snapshot-ls')
    const rows = out.split('\n').map((line) => line.split(/ {2,}/))
    const size: unknown = expect.stringMatching(/^0\.\d kB$/)
    const hashOf = (revision: number) => database(revision).subarray(-32).toString('hex').slice(0, 12)
    expect(rows).toEqual([
      ['NAME', 'TAKEN', 'BY', 'SIZE', 'REVISION', 'HASH', 'KUBERNETES', 'STATE', 'WHERE'],
      ['2024-11-21T00:00:00Z_etcd', '2024-11-21T00:00:00Z', 'recurring', size, '9', hashOf(9), '-', 'no', B],
      ...[
        ['7', hashOf(7), 'v1.30.4-rancher1-1', 'yes', `${A}, ${B}`],
        ['8', hashOf(8), 'v1.30.4-rancher1-1', 'yes', C],
      ].map((more) => [
        'rke_etcd_snapshot_2024-11-20T22:52:03+01:00',
        '2024-11-20T21:52:03Z',
        'manual',
        size,
        ...more,
      ]),
      [
        'c-gzbx5-rl-v7jxj_2024-11-19T00:00:00Z',
        '2024-11-19T00:00:00Z',
        'rancher',
        size,
        '7',
        hashOf(7),
        'v1.30.4-rancher1-1',
        'yes',
        C,
      ],
      ['2024-11-18T00:00:00Z_etcd', '2024-11-18T00:00:00Z', 'recurring', size, '3', hashOf(3), '-', 'no', A],
      [''],
    ])
    expect(code).toBe(0)
  })

  test('changes nothing, and leaves no container', async () => {
    save('one', A)
    const before = [A, B, C].map(files)
    await rke('etcd snapshot-ls --verify')
    expect([A, B, C].map(files)).toEqual(before)
    expect([A, B, C].flatMap((address) => cluster.world.machine(address).docker.containers)).toEqual([])
  })

  test('says so where there are none', async () => {
    expect(await rke('etcd list')).toMatchObject({ code: 0, out: 'There are no snapshots.\n' })
  })

  test('lists what cannot be restored, and why', async () => {
    put(A, 'one.zip', damaged('one'))
    put(B, 'two.zip', archive('one'))
    const { code, out, err } = await rke('etcd snapshot-ls')
    expect(out).toMatch(/^one .* unusable .*10\.66\.0\.11$/m)
    expect(err).toMatch(/one on \[10\.66\.0\.11\]: its data is damaged/)
    expect(err).toMatch(/two on \[10\.66\.0\.12\]: the file was renamed: it holds the snapshot one/)
    expect(code).toBe(0)
  })

  test('shows the others where a node cannot be reached, and fails with its error', async () => {
    save('one', A, B)
    cluster.world.machine(B).reachable = false
    const { code, out, err } = await rke('etcd snapshot-ls')
    expect(out).toMatch(/^one .*10\.66\.0\.11$/m)
    expect(err).toMatch(/10\.66\.0\.12/)
    expect(code).toBe(11)
  })

  test('prints JSON for programs, without a secret', async () => {
    save('one', A)
    put(B, 'two.zip', Buffer.from('nothing'))
    const { out } = await rke('etcd snapshot-ls --output json')
    expect(JSON.parse(out)).toEqual({
      snapshots: expect.arrayContaining([
        {
          name: 'one',
          place: { kind: 'node', address: A },
          taken: expect.stringMatching(/^\d{4}-.*Z$/),
          kind: 'manual',
          form: 'archive',
          bytes: archive('one').length,
          hasState: true,
          databaseBytes: database(7).length,
          hash: database(7).subarray(-32).toString('hex'),
          revision: 7,
          keys: 3,
          kubernetesVersion: 'v1.30.4-rancher1-1',
          isRestorable: true,
        },
        expect.objectContaining({ name: 'two', problem: expect.stringMatching(/truncated/) }),
      ]),
      failures: [],
    })
  })
})

describe('rke etcd snapshot-verify', () => {
  test.each(['one', 'one.zip', '--name one'])('reads every copy of "%s"', async (name) => {
    save('one', A, B)
    save('two', C)
    const { code, out } = await rke(`etcd snapshot-verify ${name}`)
    expect(out).toMatch(/^one .*10\.66\.0\.11, 10\.66\.0\.12$/m)
    expect(out).not.toMatch(/two/)
    expect(code).toBe(0)
  })

  test('fails if one copy cannot be restored, and names it and the cause', async () => {
    save('one', A, B)
    put(C, 'one.zip', damaged('one'))
    const { code, out, err } = await rke('etcd snapshot-verify --all')
    expect(out).toMatch(/^one .*10\.66\.0\.11, 10\.66\.0\.12$/m)
    expect(err).toMatch(/level=fatal.*10\.66\.0\.13.*its data is damaged/)
    expect(code).toBe(20)
  })

  test('fails if there is none at all, so that cron does not take no backup for a good one', async () => {
    const { code, err } = await rke('etcd snapshot-verify --all')
    expect(err).toMatch(/level=fatal.*there is no snapshot; take one with/)
    expect(code).toBe(20)
  })

  test('names damaged copies also where a node cannot be reached', async () => {
    put(A, 'one.zip', damaged('one'))
    cluster.world.machine(B).reachable = false
    const { code, err } = await rke('etcd snapshot-verify --all')
    expect(err).toMatch(/10\.66\.0\.11: the snapshot one has a fault: its data is damaged/)
    expect(err).toMatch(/level=error.*10\.66\.0\.12/)
    expect(code).toBe(1)
  })

  test('fails if a state in an archive is of no use', async () => {
    put(A, 'one.zip', archive('one', 7, Buffer.from('{')))
    const { code, err } = await rke('etcd snapshot-verify one')
    expect(err).toMatch(/its state file holds no state/)
    expect(code).toBe(20)
  })

  test('warns of an archive without a state', async () => {
    put(A, 'one.zip', snapshotArchive('one', database(7)))
    const { code, err } = await rke('etcd snapshot-verify one')
    expect(err).toMatch(/level=warning.*one on \[10\.66\.0\.11\] holds no state/)
    expect(code).toBe(0)
  })

  test('an unknown name is answered with the nearest ones, and where they are', async () => {
    save('before-upgrade', A, C)
    const { code, err } = await rke('etcd snapshot-verify before-upgarde')
    expect(err).toMatch(/there is no snapshot before-upgarde on 10\.66\.0\.11, 10\.66\.0\.12, 10\.66\.0\.13/)
    expect(err).toMatch(/there are before-upgrade \(on 10\.66\.0\.11, 10\.66\.0\.13\)/)
    expect(code).toBe(20)
  })

  test.each(['', '--all one'])('wants either names or --all, not "%s"', async (words) => {
    const { code, err, out } = await rke(`etcd snapshot-verify ${words}`.trim())
    expect(`${err}${out}`).toMatch(/name the snapshots to verify, or give --all/)
    expect(code).toBe(1)
  })
})

describe('rke etcd snapshot-rm', () => {
  beforeEach(() => {
    for (const day of ['01', '10', '20', '28']) save(`2024-11-${day}T00:00:00Z_etcd`, A, B)
    save('before-upgrade', A, B, C)
    put(A, 'before-upgrade', database(1))
    put(A, 'pki.bundle.tar.gz', Buffer.from('certificates'))
  })

  test('removes exactly what is named, in both forms, from all nodes', async () => {
    save('before-upgrade-2', A)
    const { code } = await rke('etcd snapshot-rm before-upgrade --yes')
    expect(code).toBe(0)
    expect([A, B, C].flatMap(files).filter((file) => file.startsWith('before'))).toEqual([
      'before-upgrade-2.zip',
    ])
    expect(files(A)).toContain('pki.bundle.tar.gz')
  })

  test.each([
    ['--older-than 15d', ['20', '28']],
    ['--older-than 1d --keep 2', ['28']],
    ['--keep 1', []],
  ])('with %s the older ones go', async (flags, left) => {
    for (const address of [A, B, C])
      for (const file of files(address).filter((name) => name.startsWith('before')))
        disk(address).remove(`${FOLDER}/${file}`)
    save('2024-11-29T00:00:00Z_etcd', A)
    const { code } = await rke(`etcd snapshot-rm ${flags} --yes`)
    expect(code).toBe(0)
    const expected = [...left, '29'].map((day) => `2024-11-${day}T00:00:00Z_etcd.zip`)
    expect(files(A)).toEqual([...expected, 'pki.bundle.tar.gz'])
  })

  test('a snapshot that cannot be restored does not count among those that are kept', async () => {
    put(C, '2024-11-28T00:00:00Z_etcd.zip', Buffer.from('nothing'))
    save('2024-11-20T00:00:00Z_etcd', C)
    save('2024-11-10T00:00:00Z_etcd', C)
    disk(C).remove(`${FOLDER}/before-upgrade.zip`)
    await rke('etcd snapshot-rm --keep 1 --yes')
    expect(files(C)).toEqual(['2024-11-20T00:00:00Z_etcd.zip', '2024-11-28T00:00:00Z_etcd.zip'])
  })

  test('--dry-run says what would go and why, and removes nothing', async () => {
    const before = [A, B, C].map(files)
    const { code, out } = await rke('etcd snapshot-rm --older-than 15d --dry-run')
    expect(out).toMatch(/10\.66\.0\.12\n {2}- remove 2 files of snapshots/)
    expect(out).toMatch(/2024-11-10T00:00:00Z_etcd, of 2024-11-10T00:00:00\.000Z: older than 15 days/)
    expect(out).toMatch(/"rke etcd snapshot-rm" applies them/)
    expect(code).toBe(2)
    expect([A, B, C].map(files)).toEqual(before)
  })

  test('without a terminal and --yes nothing is removed', async () => {
    const before = [A, B, C].map(files)
    const { code, err, out } = await rke('etcd snapshot-rm before-upgrade')
    expect(`${err}${out}`).toMatch(/run the command with --yes/)
    expect(code).toBe(1)
    expect([A, B, C].map(files)).toEqual(before)
  })

  test('an unknown name removes nothing, also of the others', async () => {
    const before = [A, B, C].map(files)
    const { code } = await rke('etcd snapshot-rm before-upgrade before-upgarde --yes')
    expect(code).toBe(20)
    expect([A, B, C].map(files)).toEqual(before)
  })

  test.each([
    '',
    'one --keep 1',
    '--older-than soon',
    '--older-than 0d',
    '--keep 0',
    '--keep all',
    '../x',
    '/etc/passwd',
  ])('is refused with "%s"', async (words) => {
    const before = [A, B, C].map(files)
    const { code } = await rke(`etcd snapshot-rm ${words} --yes`.replace('  ', ' '))
    expect([1, 10]).toContain(code)
    expect([A, B, C].map(files)).toEqual(before)
  })

  test('nothing is removed if a node cannot be reached, unless it may be left out', async () => {
    const before = files(A)
    cluster.world.machine(B).reachable = false
    expect((await rke('etcd snapshot-rm before-upgrade --yes')).code).toBe(11)
    expect(files(A)).toEqual(before)
    const { code, err, out } = await rke('etcd snapshot-rm before-upgrade --yes --skip-unreachable')
    expect(code).toBe(11)
    expect(`${err}${out}`).toMatch(/10\.66\.0\.12/)
    expect([...files(A), ...files(C)].filter((file) => file.startsWith('before'))).toEqual([])
  })

  test('nothing is removed while a restore is not done, which may need it once more', async () => {
    const restoring = { snapshot: 'before-upgrade', startedAt: '2024-11-30T00:00:00Z', previous: 'x' }
    await cluster.write(JSON.stringify({ desiredState: {}, currentState: {}, restoring }), 'cluster.rkestate')
    const before = [A, B, C].map(files)
    const { code, err, out } = await rke('etcd snapshot-rm --keep 1 --yes')
    expect(`${err}${out}`).toMatch(/snapshot before-upgrade is being restored/)
    expect(code).toBe(15)
    expect([A, B, C].map(files)).toEqual(before)
  })

  test('with an age that nothing has there is nothing to do', async () => {
    const { code, err, out } = await rke('etcd snapshot-rm --older-than 52w --yes')
    expect(`${err}${out}`).toMatch(/nothing is removed/)
    expect(code).toBe(0)
  })
})
