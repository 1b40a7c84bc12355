import { expect, test } from 'vitest'
import type { Event } from '../../../src/engine/events.ts'
import type { Run } from '../../../src/engine/run.ts'
import { errorText, type RkeError } from '../../../src/errors.ts'
import type { ConfigMap } from '../../../src/kube/objects/kube-object.ts'
import { recoverState } from '../../../src/operations/recovery/recover-state.ts'
import { abortRestore } from '../../../src/operations/snapshots/abort-restore.ts'
import {
  type RestoreOptions,
  type RestoreResult,
  restoreSnapshot,
} from '../../../src/operations/snapshots/restore-snapshot.ts'
import type { Deps } from '../../../src/session/deps.ts'
import { emptyState } from '../../../src/state/cluster-state.ts'
import { serialiseState } from '../../../src/state/state-json.ts'
import { KillSwitch } from '../../sim/kill-switch.ts'
import { WatchedStore } from '../../sim/watched-store.ts'
import { snapshotArchive } from '../fakes/rke-archive.ts'
import { ALL_ROLES, cluster } from './clusters.ts'
import { expectTidy } from './crash.ts'
import { eventsOf, Scenario } from './support.ts'

const NAME = 'before'
const FOLDER = '/opt/rke/etcd-snapshots'
/** At how many moments a run is killed, and how long all of these tries may take. */
const MOMENTS = 8
const PATIENCE_MS = 180_000
const ROLES = 'controlplane, etcd, worker'
const note = (text: string): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: text, namespace: 'default' },
  data: { text },
})
const notesIn = ({ kube }: Scenario): readonly string[] =>
  kube
    .list('v1', 'ConfigMap', 'default')
    .map(({ metadata }) => metadata.name)
    .filter((name) => name.startsWith('note'))

interface Saved {
  readonly name?: string
  readonly on?: number
  readonly withState?: boolean
}

/** Puts a snapshot of the cluster on a machine. */
async function save({ world, store }: Scenario, { name = NAME, on = 0, withState = true }: Saved = {}) {
  const [etcd] = world.etcdClusters.values()
  const state = (await store.load())?.state
  if (etcd === undefined || state === undefined) throw new TypeError('there is no cluster')
  const text = withState ? Buffer.from(serialiseState(state)) : undefined
  putArchive({ world }, on, name, snapshotArchive(name, world.snapshots.take(etcd), text))
}

function putArchive({ world }: Pick<Scenario, 'world'>, on: number, name: string, content: Buffer): void {
  const file = { type: 'file', content, mode: 0o600, uid: 0, gid: 0 } as const
  world.machines[on]?.disk.put(`${FOLDER}/${name}.zip`, file)
}

/** A cluster with a note from before its snapshot and one from after it. */
async function noted(saved: Saved = {}, text = ALL_ROLES, larger = text): Promise<Scenario> {
  const scenario = await Scenario.up(text, larger)
  scenario.kube.create(note('note-before'))
  await save(scenario, saved)
  scenario.kube.create(note('note-after'))
  scenario.writes()
  return scenario
}

function start(
  { config, deps }: Scenario,
  options: Partial<RestoreOptions> = {},
  others: Partial<Deps> = {},
): Run<RestoreResult> {
  return restoreSnapshot(config, { ...deps, ...others }, { name: NAME, ...options })
}

const restore = (scenario: Scenario, options: Partial<RestoreOptions> = {}): Promise<RestoreResult> =>
  start(scenario, options).result

const refusal = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'it was not refused',
    (error: RkeError) => errorText(error),
  )

async function expectRestored(scenario: Scenario): Promise<void> {
  expect(notesIn(scenario)).toEqual(['note-before'])
  expect((await scenario.store.load())?.state.restoring).toBeUndefined()
  expect((await scenario.plan()).steps).toEqual([])
  expectTidy(scenario)
  for (const { disk } of scenario.world.machines) {
    expect(disk.below('/var/lib/etcd').filter((path) => !path.includes('/member'))).toEqual([])
  }
}

/** Kills a run once it has done so many steps; gives whether it came so far. */
async function killedAfter(scenario: Scenario, steps: number): Promise<boolean> {
  const victim = new KillSwitch(scenario.world, scenario.store)
  const run = start(scenario, { abort: victim.signal }, victim.deps)
  let done = 0
  for await (const event of run) {
    if (event.type === 'done' && !victim.signal.aborted) done += 1
    if (done === steps) victim.kill()
  }
  await Promise.allSettled([run.result])
  return victim.signal.aborted
}

test('a cluster holds what it held when the snapshot was taken, and nothing that came after', async () => {
  const scenario = await noted()
  await restore(scenario)
  await expectRestored(scenario)
})

test('the plan of a restore is printed without anything being written', async () => {
  const scenario = await noted()
  const { steps } = await restore(scenario, { dryRun: true })
  expect(new Set(steps.map(({ id }) => id.split('/')[0]))).toEqual(
    new Set(['fetch', 'begin', 'clean', 'data', 'up', 'settle']),
  )
  expect(scenario.writes().filter((write) => !write.includes('/containers/'))).toEqual([])
  expect((await scenario.plan()).steps).toEqual([])
  expectTidy(scenario)
  expect(notesIn(scenario)).toEqual(['note-before', 'note-after'])
})

test('a restore that somebody does not confirm changes nothing', async () => {
  const scenario = await noted()
  expect(await refusal(restore(scenario, { confirm: async () => false }))).toMatch(/was not restored/)
  expect((await scenario.plan()).steps).toEqual([])
  expect(notesIn(scenario)).toEqual(['note-before', 'note-after'])
})

test('a name that no node has is refused with the nearest ones and where they are', async () => {
  const scenario = await noted({ on: 1 })
  expect(await refusal(restore(scenario, { name: 'befor' }))).toMatch(
    /there is no snapshot befor on .*; nothing was changed; there are before \(on 10\.66\.0\.12\)/,
  )
})

test('a damaged copy is left out with a warning, and that of the next node is taken', async () => {
  const scenario = await noted({ on: 1 })
  putArchive(scenario, 0, NAME, Buffer.from('no archive at all'))
  const run = start(scenario)
  const warnings = (await eventsOf(run)).flatMap((event: Event) =>
    event.type === 'notice' && event.level === 'warning' ? [event.text] : [],
  )
  expect((await run.result).restored?.file.place).toEqual({ kind: 'node', address: '10.66.0.12' })
  expect(warnings.join('\n')).toMatch(/copy of before on \[10\.66\.0\.11\] is left out/)
  await expectRestored(scenario)
})

test('a lost state comes from the snapshot', async () => {
  const { config, world } = await noted()
  const scenario = new Scenario(config, world, new WatchedStore())
  await restore(scenario)
  await expectRestored(scenario)
})

test('where the snapshot has no state the local one is used, and without that nothing is done', async () => {
  const scenario = await noted({ withState: false })
  const stateless = new Scenario(scenario.config, scenario.world, new WatchedStore())
  expect(await refusal(restore(stateless))).toMatch(/neither the snapshot nor this machine has the state/)
  await restore(scenario)
  await expectRestored(scenario)
})

test('another Kubernetes version is refused with both commands, or chosen', async () => {
  const scenario = await noted()
  const upgraded = scenario.with(ALL_ROLES.replace('v1.30.4-rancher1-1', 'v1.31.1-rancher1-1'))
  expect(await refusal(restore(upgraded))).toMatch(
    /snapshot is of Kubernetes v1\.30\.4.*--name before --kubernetes-version from-snapshot".*from-config"/,
  )
  await restore(upgraded, { kubernetesVersion: 'from-snapshot' })
  await expectRestored(scenario)
})

test(
  'a restore goes on after a kill at any of its steps, and nothing else may be done meanwhile',
  async () => {
    const fresh = await noted()
    const { steps } = await restore(fresh, { dryRun: true })
    const every = Math.ceil(steps.length / MOMENTS)
    for (let count = 1; count < steps.length; count += every) {
      const scenario = new Scenario(fresh.config, fresh.world.copy(), await fresh.store.copy())
      expect(await killedAfter(scenario, count)).toBe(true)
      const state = (await scenario.store.load())?.state
      if (state?.restoring !== undefined) {
        expect(await refusal(scenario.up().result)).toMatch(/snapshot before is being restored since/)
      }
      await restore(scenario)
      await expectRestored(scenario)
    }
  },
  PATIENCE_MS,
)

test(
  'a restore that is not done is aborted after a kill at any of its steps, and all is as before',
  async () => {
    const fresh = await noted()
    const before = await fresh.store.load()
    const { steps } = await restore(fresh, { dryRun: true })
    const last = steps.findIndex(({ id }) => id === 'settle/cluster/restore/finish')
    for (
      let count = steps.findIndex(({ kind }) => kind === 'restore.begin') + 1;
      count <= last;
      count += Math.ceil(last / MOMENTS)
    ) {
      const scenario = new Scenario(fresh.config, fresh.world.copy(), await fresh.store.copy())
      expect(await killedAfter(scenario, count)).toBe(true)
      await abortRestore(scenario.config, scenario.deps).result
      expect((await scenario.store.load())?.state).toEqual(before?.state)
      expect(notesIn(scenario)).toEqual(['note-before', 'note-after'])
      expect((await scenario.plan()).steps).toEqual([])
      expectTidy(scenario)
    }
  },
  PATIENCE_MS,
)

test('without a restore under way there is nothing to abort', async () => {
  const scenario = await noted()
  expect(await refusal(abortRestore(scenario.config, scenario.deps).result)).toMatch(
    /no restore is under way/,
  )
})

test('a snapshot is restored on one new machine, without a state, and up adds two more', async () => {
  const all = cluster({ 11: ROLES, 12: ROLES, 13: ROLES, 21: ROLES, 22: ROLES, 23: ROLES })
  const old = await noted({ on: 3 }, ALL_ROLES, all)
  const one = new Scenario(old.with(cluster({ 21: ROLES })).config, old.world, new WatchedStore())
  for (const address of ['10.66.0.11', '10.66.0.12', '10.66.0.13']) old.world.machine(address).powerOff()
  await restore(one)
  expect(one.kube.list('v1', 'Node').map(({ metadata }) => metadata.name)).toEqual(['10.66.0.21'])
  const grown = one.with(cluster({ 21: ROLES, 22: ROLES, 23: ROLES }))
  await grown.up().result
  expect((await grown.plan()).steps).toEqual([])
})

test('a restore whose cluster works is ended, though its snapshot is deleted by then', async () => {
  const scenario = await noted()
  await restore(scenario)
  const stored = await scenario.store.load()
  const restoring = { snapshot: NAME, startedAt: '2026-01-01T10:00:00.000Z', finished: true }
  await scenario.store.save({ ...(stored?.state ?? emptyState), restoring }, stored?.revision)
  scenario.world.machines[0]?.disk.remove(`${FOLDER}/${NAME}.zip`)
  scenario.kube.create(note('note-of-today'))
  scenario.writes()
  const { steps } = await start(scenario, { dryRun: true }).result
  const asked: string[] = []
  const confirm = async (planned: RestoreResult): Promise<boolean> => {
    asked.push(...planned.steps.map(({ id }) => id))
    return false
  }
  expect(await refusal(start(scenario, { confirm }).result)).toContain('was not ended')
  expect(asked).toEqual(steps.map(({ id }) => id))
  expect(scenario.writes()).toEqual([])
  const { done } = await restore(scenario)
  expect(done).toBeGreaterThan(1)
  expect((await scenario.store.load())?.state.restoring).toBeUndefined()
  expect(notesIn(scenario)).toEqual(['note-before', 'note-of-today'])
})

test('while a restore is not done neither the copy in the cluster nor an empty cluster takes the place of the state', async () => {
  const { config, deps, store } = await noted()
  const stored = await store.load()
  const restoring = { snapshot: NAME, startedAt: '2026-01-01T10:00:00.000Z' }
  await store.save({ desiredState: {}, currentState: {}, restoring }, stored?.revision)
  expect(await refusal(recoverState(config, deps).result)).toMatch(/before is being restored since .*--abort/)
  expect(await refusal(abortRestore(config, deps).result)).toMatch(/there was no cluster .*rke remove/)
})

test('a restore goes on where the kept state file is not, and the way back says which file it needs', async () => {
  const scenario = await noted()
  const stored = await scenario.store.load()
  const restoring = {
    snapshot: NAME,
    startedAt: '2026-01-01T10:00:00.000Z',
    previous: 'cluster.rkestate.old.bak',
  }
  await scenario.store.save({ ...(stored?.state ?? emptyState), restoring }, stored?.revision)
  expect(await refusal(abortRestore(scenario.config, scenario.deps).result)).toMatch(
    /cluster.rkestate.old.bak/,
  )
  await restore(scenario)
  await expectRestored(scenario)
})
