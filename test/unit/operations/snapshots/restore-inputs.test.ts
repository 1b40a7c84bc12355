import { expect, test } from 'vitest'
import { parseCertificate } from '../../../../src/pki/encoding/certificate.ts'
import { ensureBundle } from '../../../../src/pki/issue/bundle.ts'
import { pooledKeys } from '../../../sim/key-pool.ts'
import { ALL_ROLES, cluster, ONE_NODE } from '../clusters.ts'
import type { Scenario } from '../support.ts'
import { expectOneWorld, madeIn, withSnapshot } from './worlds.ts'

const ROLES = 'controlplane, etcd, worker'
const ENCRYPTED = `${ALL_ROLES}services: {kube-api: {secrets_encryption_config: {enabled: true}}}\n`

const certificate = async ({ store }: Scenario, name: string) => {
  const pem = (await store.load())?.state.desiredState.certificatesBundle?.[name]?.certificatePEM ?? ''
  return { ...parseCertificate(pem), pem }
}

test('certificates that have expired are issued anew by the authority of the snapshot', async () => {
  const scenario = await withSnapshot(ONE_NODE)
  const stored = await scenario.store.load()
  if (stored === undefined) throw new TypeError('there is no state')
  const { certificatesBundle } = stored.state.desiredState
  const old = await ensureBundle({
    config: scenario.config,
    existing: certificatesBundle,
    keys: pooledKeys,
    clock: () => new Date('2010-01-01T00:00:00Z'),
    localKubeconfigPath: './kube_config_cluster.yml',
    renew: new Set(['kube-proxy', 'kube-scheduler']),
  })
  const desiredState = { ...stored.state.desiredState, certificatesBundle: old.bundle }
  await scenario.store.save({ ...stored.state, desiredState }, stored.revision)
  await scenario.save({ name: 'old' }).result
  const authority = await certificate(scenario, 'kube-ca')
  expect((await certificate(scenario, 'kube-proxy')).notAfter.getTime()).toBeLessThan(Date.now())
  await scenario.restore({ name: 'old' }).result
  expect((await certificate(scenario, 'kube-ca')).pem).toBe(authority.pem)
  expect((await certificate(scenario, 'kube-proxy')).notAfter.getTime()).toBeGreaterThan(Date.now())
  await expectOneWorld(scenario)
})

test('the key with which Secrets are stored in a snapshot comes from its state', async () => {
  const scenario = await withSnapshot(ENCRYPTED)
  const key = async () => (await scenario.store.load())?.state.currentState.encryptionConfig
  const then = await key()
  await scenario.with(ALL_ROLES).up().result
  expect(await key()).toBeUndefined()
  await scenario.restore({ name: 's1' }).result
  expect(await key()).toBe(then)
  await expectOneWorld(scenario)
})

test('a snapshot with encrypted Secrets is not restored where API servers could not read them', async () => {
  const scenario = (await withSnapshot(ENCRYPTED)).with(ALL_ROLES)
  await expect(scenario.restore({ name: 's1' }).result).rejects.toThrow(
    'secrets_encryption_config does not read what is stored in the snapshot',
  )
  expect(madeIn(scenario)).toEqual(['after', 'before'])
})

test('Nodes of other names, and control plane nodes that moved, are those of cluster.yml in the end', async () => {
  const before = await withSnapshot(cluster({ 11: ROLES, 12: 'worker' }))
  const renamed = cluster({ 11: 'worker', 12: ROLES }).replace(
    'address: 10.66.0.11,',
    'address: 10.66.0.11, hostname_override: first,',
  )
  const source = before.world.machine('10.66.0.11').disk.bytes('/opt/rke/etcd-snapshots/s1.zip')
  before.world.machine('10.66.0.12').disk.put('/opt/rke/etcd-snapshots/s1.zip', {
    type: 'file',
    content: source ?? Buffer.alloc(0),
    mode: 0o600,
    uid: 0,
    gid: 0,
  })
  const moved = before.with(renamed)
  await moved.restore({ name: 's1' }).result
  expect(madeIn(moved)).toEqual(['before'])
  await expectOneWorld(moved)
})

test('prefix path and user of etcd are those of cluster.yml', async () => {
  const text = `${ONE_NODE}prefix_path: /data/rke\nservices: {etcd: {uid: 52034, gid: 52034}}\n`
  const scenario = await withSnapshot(text)
  const { steps } = await scenario.restore({ name: 's1' }).result
  expect(steps.map(({ title }) => title)).toContain('set the data in /data/rke/var/lib/etcd aside')
  expect(madeIn(scenario)).toEqual(['before'])
  await expectOneWorld(scenario)
})

test('a disk of etcd data that has no room for the restored database is found before anything is stopped', async () => {
  const scenario = await withSnapshot(ALL_ROLES)
  const [machine] = scenario.world.machines
  if (machine !== undefined) machine.disk.isFullAt = (path) => path.startsWith('/var/lib/etcd')
  await expect(scenario.restore({ name: 's1' }).result).rejects.toMatchObject({
    name: 'SnapshotError',
    message: expect.stringMatching(/^etcd's data directory has no room .*10\.66\.0\.11 has 0 MB free/),
    untouched: true,
  })
  expect(madeIn(scenario)).toEqual(['after', 'before'])
})

test('a restore that fails before anything is changed leaves no copy of the database on any node', async () => {
  const scenario = await withSnapshot(ALL_ROLES)
  const { machines } = scenario.world
  const last = machines.at(-1)
  if (last !== undefined) last.disk.isFullAt = (path) => path.startsWith('/opt/rke/etcd-snapshots-restore')
  scenario.writes()
  await expect(scenario.restore({ name: 's1' }).result).rejects.toThrow()
  expect(scenario.writes().filter((write) => write.includes('etcd-data-mover'))).not.toEqual([])
  expect(machines.flatMap(({ disk }) => disk.below('/opt/rke/etcd-snapshots-restore'))).toEqual([])
  expect(madeIn(scenario)).toEqual(['after', 'before'])
  expect((await scenario.store.load())?.state.restoring).toBeUndefined()
})
