import { describe, expect, test } from 'vitest'
import type { SaveOptions } from '../../../src/operations/snapshots/save-results.ts'
import { saveSnapshot } from '../../../src/operations/snapshots/save-snapshot.ts'
import type { SimMachine } from '../../sim/sim-machine.ts'
import { ALL_ROLES } from './clusters.ts'
import { eventsOf, Scenario } from './support.ts'

const ADDRESSES = ['10.66.0.11', '10.66.0.12', '10.66.0.13']
const FOLDER = '/opt/rke/etcd-snapshots'

async function saving(scenario: Scenario, options: SaveOptions = {}) {
  const run = saveSnapshot(scenario.config, scenario.deps, options)
  run.result.catch(() => {})
  const events = await eventsOf(run)
  const warnings = events.flatMap((event) =>
    event.type === 'notice' && event.level === 'warning' ? event.text : [],
  )
  return { result: run.result, events, warnings }
}

function stopEtcd(machine: SimMachine | undefined): void {
  machine?.docker.stop('etcd')
}

const archives = ({ disk }: SimMachine): readonly string[] =>
  disk.below(FOLDER).filter((path) => disk.at(path)?.type === 'file')

describe('a save', () => {
  test('puts an archive with the state on every etcd node, and tells what is in it', async () => {
    const scenario = await Scenario.up(ALL_ROLES)
    const { result, warnings } = await saving(scenario, { name: 'before' })
    const { saved, missing, name } = await result
    expect({ name, missing, warnings }).toEqual({ name: 'before', missing: [], warnings: [] })
    expect(saved.map(({ node }) => node)).toEqual(ADDRESSES)
    for (const each of saved) {
      expect(each).toMatchObject({
        file: `${FOLDER}/before.zip`,
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        revision: expect.any(Number),
        kubernetesVersion: 'v1.30.4-rancher1-1',
        freeBytes: 32152812 * 1024 - each.bytes,
      })
      expect(each.bytes).toBeGreaterThan(0)
    }
    for (const machine of scenario.world.machines) {
      expect(archives(machine)).toEqual([`${FOLDER}/before.zip`])
      expect(machine.disk.below('/etc/kubernetes').filter((path) => path.endsWith('.rkestate'))).toEqual([])
      expect(
        machine.docker.containers
          .map(({ name }) => name)
          .filter((each) => /snapshot-(once|reader)|deployer/.test(each)),
      ).toEqual([])
    }
    expect((await scenario.plan()).steps).toEqual([])
  })

  test('without a name gets the one that RKE gives, and says so', async () => {
    const scenario = await Scenario.up(ALL_ROLES)
    const { result, warnings } = await saving(scenario)
    const { name } = await result
    expect(name).toMatch(/^rke_etcd_snapshot_\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/)
    expect(warnings).toEqual([`Name of the snapshot is not specified, using [${name}]`])
  })

  test('leaves out a member that does not run, with its reason, and saves the others', async () => {
    const scenario = await Scenario.up(ALL_ROLES)
    stopEtcd(scenario.world.machines[1])
    const { result, warnings } = await saving(scenario, { name: 'before' })
    const { missing, saved } = await result
    expect(saved.map(({ node }) => node)).toEqual(['10.66.0.11', '10.66.0.13'])
    expect(missing).toEqual([
      { node: '10.66.0.12', why: 'etcd does not run: its container is exited (exit code 0)' },
    ])
    expect(warnings).toEqual([
      'host [10.66.0.12] is left out: etcd does not run: its container is exited (exit code 0)',
    ])
  })

  test('is refused where no member can be saved, with the reason of each', async () => {
    const scenario = await Scenario.up(ALL_ROLES)
    scenario.world.machines.slice(0, 2).forEach(stopEtcd)
    scenario.writes()
    const { result } = await saving(scenario, { name: 'before' })
    await expect(result).rejects.toMatchObject({
      name: 'EtcdError',
      message: expect.stringMatching(
        /no etcd member can be saved: 10\.66\.0\.11: etcd does not run.*10\.66\.0\.13: etcd is not healthy/,
      ),
      untouched: true,
    })
    expect(scenario.world.machines.flatMap(archives)).toEqual([])
  })

  test('saves what can be reached on request, and says at its end who is missing', async () => {
    const scenario = await Scenario.up(ALL_ROLES)
    const [first, ...others] = scenario.world.machines
    if (first !== undefined) first.reachable = false
    await expect((await saving(scenario, { name: 'a' })).result).rejects.toMatchObject({ host: '10.66.0.11' })
    const some = await saving(scenario, { name: 'b', skipUnreachable: true })
    await expect(some.result).rejects.toMatchObject({
      name: 'ConnectionError',
      message: 'host(s) [10.66.0.11] skipped because they could not be contacted',
    })
    expect(others.flatMap(archives)).toEqual([`${FOLDER}/b.zip`, `${FOLDER}/b.zip`])
    for (const other of others) other.reachable = false
    const none = await saving(scenario, { name: 'c', skipUnreachable: true })
    await expect(none.result).rejects.toMatchObject({ message: 'none of the etcd nodes can be reached' })
  })

  test('is refused without a state file, which every archive holds', async () => {
    const scenario = await Scenario.up(ALL_ROLES)
    await scenario.store.remove()
    const { result } = await saving(scenario, { name: 'before' })
    await expect(result).rejects.toMatchObject({
      name: 'StateError',
      hint: expect.stringContaining('rke util get-state-file'),
      untouched: true,
    })
  })

  test('never replaces an archive of its name unless that is asked for', async () => {
    const scenario = await Scenario.up(ALL_ROLES)
    await (await saving(scenario, { name: 'before' })).result
    const [machine] = scenario.world.machines
    const bytes = machine?.disk.bytes(`${FOLDER}/before.zip`)
    scenario.kube.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'later', namespace: 'default' },
    })
    await expect((await saving(scenario, { name: 'before' })).result).rejects.toMatchObject({
      name: 'PlanRefusedError',
      message: `there is a snapshot named before already, on ${ADDRESSES.join(', ')}`,
      hint: expect.stringContaining('--overwrite'),
    })
    expect(machine?.disk.bytes(`${FOLDER}/before.zip`)).toEqual(bytes)
    await (await saving(scenario, { name: 'before', overwrite: true })).result
    expect(machine?.disk.bytes(`${FOLDER}/before.zip`)).not.toEqual(bytes)
  })

  test('can have any name, also that of a file in which the folder is described', async () => {
    const scenario = await Scenario.up(ALL_ROLES)
    const { saved } = await (await saving(scenario, { name: 'disk' })).result
    expect(saved.map(({ node }) => node)).toEqual(ADDRESSES)
  })

  test('that could not see before what a node has looks there before it writes: an archive is not replaced, nor deleted', async () => {
    const scenario = await Scenario.up(ALL_ROLES)
    await (await saving(scenario, { name: 'before' })).result
    const [machine] = scenario.world.machines
    const bytes = machine?.disk.bytes(`${FOLDER}/before.zip`)
    for (const { docker } of scenario.world.machines) docker.images.clear()
    const { result } = await saving(scenario, { name: 'before' })
    await expect(result).rejects.toMatchObject({
      failures: ADDRESSES.map((host) =>
        expect.objectContaining({
          message: expect.stringContaining(`there is a snapshot named before already, on ${host}`),
        }),
      ),
    })
    expect(machine?.disk.bytes(`${FOLDER}/before.zip`)).toEqual(bytes)
  })

  test('only plans on request: nothing is written on a machine or in the state', async () => {
    const scenario = await Scenario.up(ALL_ROLES)
    scenario.writes()
    const { steps, saved } = await (await saving(scenario, { name: 'before', dryRun: true })).result
    expect(saved).toEqual([])
    expect(steps.map(({ id }) => id)).toEqual(
      ADDRESSES.flatMap((node) => ['state', 'save', 'verify'].map((part) => `node/${node}/snapshot/${part}`)),
    )
    expect(scenario.world.machines.flatMap(archives)).toEqual([])
    expect(scenario.store.writes).toBe(0)
  })

  test('that fails on one node leaves nothing half-made there, and is a warning', async () => {
    const scenario = await Scenario.up(ALL_ROLES)
    const full = scenario.world.machines[2]
    if (full !== undefined) full.disk.isFullAt = (path) => path.startsWith(FOLDER)
    const { result, warnings } = await saving(scenario, { name: 'before' })
    const { missing, saved } = await result
    expect(saved.map(({ node }) => node)).toEqual(['10.66.0.11', '10.66.0.12'])
    expect(missing).toMatchObject([
      { node: '10.66.0.13', why: expect.stringContaining('no space left on device') },
    ])
    expect(warnings).toMatchObject([expect.stringContaining('no snapshot was saved on host [10.66.0.13]')])
    expect(full === undefined ? [] : archives(full)).toEqual([])
    expect(full?.disk.below('/etc/kubernetes').filter((path) => path.endsWith('.rkestate'))).toEqual([])
  })

  test('removes state files that failed saves have left, but not that of a recurring snapshot that is being taken', async () => {
    const scenario = await Scenario.up(ALL_ROLES)
    const now = new Date('2026-03-01T10:00:00Z')
    const left = ['old.rkestate', '2026-03-01T08:00:00Z_etcd.rkestate', '2026-03-01T09:59:00Z_etcd.rkestate']
    const [machine] = scenario.world.machines
    for (const file of left) machine?.disk.write(`/etc/kubernetes/${file}`, Buffer.from('{}'), 0o600)
    const run = saveSnapshot(scenario.config, { ...scenario.deps, clock: () => now }, { name: 'before' })
    await run.result
    expect(machine?.disk.below('/etc/kubernetes').filter((path) => path.endsWith('.rkestate'))).toEqual([
      '/etc/kubernetes/2026-03-01T09:59:00Z_etcd.rkestate',
    ])
  })
})

describe('a save to a bucket', () => {
  const bucket = {
    endpoint: 's3.example.net',
    bucketName: 'b',
    folder: 'f',
    accessKey: 'KEYKEYKEY',
    secretKey: '$'.concat('{env:S3}'),
  }
  const secrets = { env: { S3: 'SECRETSECRET' }, readFile: async () => '' }
  const withBucket = async (): Promise<Scenario> => {
    const scenario = await Scenario.up(ALL_ROLES)
    scenario.world.buckets.set('s3.example.net/b', new Map())
    return scenario
  }
  const toBucket = async (scenario: Scenario) => {
    const run = saveSnapshot(scenario.config, { ...scenario.deps, secrets }, { name: 'before', bucket })
    run.result.catch(() => {})
    return { events: await eventsOf(run), result: run.result }
  }

  test('copies the archive there; its keys are in the environment of the helper, and in nothing that is shown or kept', async () => {
    const scenario = await withBucket()
    const { events, result } = await toBucket(scenario)
    const { copy, plan } = await result
    expect(copy).toEqual({ endpoint: 's3.example.net', bucket: 'b', key: 'f/before.zip', failed: [] })
    expect([...(scenario.world.buckets.get('s3.example.net/b')?.keys() ?? [])]).toEqual(['f/before.zip'])
    const shown = JSON.stringify([events, plan, (await scenario.store.load())?.state])
    for (const secret of ['KEYKEYKEY', 'SECRETSECRET', Buffer.from('SECRETSECRET').toString('base64')]) {
      expect(shown).not.toContain(secret)
    }
    expect(scenario.config.services.etcd.backupConfig).toBeUndefined()
  })

  test('that some nodes cannot copy is a warning; that none can is an error, and the archives stay', async () => {
    const scenario = await withBucket()
    scenario.world.hooks.cutsUpload = (address) => address === '10.66.0.11'
    const some = await (await toBucket(scenario)).result
    expect(some.saved).toHaveLength(3)
    expect(some.copy?.failed).toMatchObject([
      { node: '10.66.0.11', why: expect.stringContaining('connection reset by peer') },
    ])

    const other = await withBucket()
    other.world.hooks.cutsUpload = () => true
    await expect((await toBucket(other)).result).rejects.toMatchObject({
      name: 'SnapshotError',
      message: expect.stringContaining('f/before.zip was not copied to the bucket b of s3.example.net'),
      hint: expect.stringContaining(`the snapshot is on ${ADDRESSES.join(', ')}`),
    })
    expect(other.world.machines.flatMap(archives)).toHaveLength(3)
  })

  test('which has an archive of this name already is refused, before anything is saved: the helper would keep that one', async () => {
    const scenario = await withBucket()
    scenario.world.buckets.get('s3.example.net/b')?.set('f/before.zip', Buffer.from('other'))
    await expect((await toBucket(scenario)).result).rejects.toMatchObject({
      name: 'PlanRefusedError',
      message: expect.stringContaining(
        'there is a snapshot named before already, in bucket b of s3.example.net',
      ),
      hint: expect.stringContaining('rke etcd snapshot-rm before'),
    })
    expect(scenario.world.machines.flatMap(archives)).toEqual([])
  })

  test('fails if the bucket has something else afterwards, whatever the helper said', async () => {
    const scenario = await withBucket()
    const objects = scenario.world.buckets.get('s3.example.net/b')
    const set = objects?.set.bind(objects)
    if (objects !== undefined) objects.set = (key) => set?.(key, Buffer.from('something else')) ?? objects
    await expect((await toBucket(scenario)).result).rejects.toMatchObject({
      name: 'SnapshotError',
      message: expect.stringMatching(
        /^f\/before\.zip in bucket b of .* is not the archive that was saved: it has 14 bytes; /,
      ),
    })
  })

  test('that is not there is reported otherwise than a save that failed: the archives are found', async () => {
    const scenario = await Scenario.up(ALL_ROLES)
    await expect((await toBucket(scenario)).result).rejects.toMatchObject({
      message: expect.stringContaining('bucket b does not exist'),
    })
    expect(scenario.world.machines.flatMap(archives)).toHaveLength(3)
  })
})
