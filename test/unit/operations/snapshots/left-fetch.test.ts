import { expect, test } from 'vitest'
import type { StepInfo } from '../../../../src/engine/events.ts'
import { cluster } from '../clusters.ts'
import { killedWhen } from '../crash.ts'
import type { Scenario } from '../support.ts'
import { restoring } from './kills.ts'
import { withSnapshot } from './worlds.ts'

const FILE = cluster({ 11: 'controlplane, etcd, worker', 12: 'etcd, worker' })
const FOLDER = '/opt/rke/etcd-snapshots-restore'
/** Seconds. */
const TWO_DAYS = 2 * 24 * 60 * 60

/** A cluster, and what a restore has left on its nodes that was killed when it had everything there. */
async function withLeftFetch(): Promise<Scenario> {
  const scenario = await withSnapshot(FILE)
  await killedWhen(
    scenario,
    ({ type, ...event }) => type === 'started' && 'step' in event && event.step.kind === 'restore.begin',
    restoring(scenario),
  )
  expect(left(scenario)).toHaveLength(2)
  return scenario
}

const left = ({ world }: Scenario): readonly string[] =>
  world.machines.flatMap(({ address, disk }) => (disk.below(FOLDER).length > 0 ? [address] : []))

const deletions = (steps: readonly StepInfo[]): readonly (readonly string[])[] =>
  steps.filter(({ kind }) => kind === 'scratch.delete').map(({ because }) => because)

const REASON = [
  'left by a restore that was killed before it changed anything; it holds the database of a snapshot',
]

test('the next up deletes what a killed restore has fetched to nodes', async () => {
  const scenario = await withLeftFetch()
  expect(deletions((await scenario.plan()).steps)).toEqual([REASON, REASON])
  await scenario.up().result
  expect(left(scenario)).toEqual([])
  expect((await scenario.plan()).steps).toEqual([])
})

test('up leaves it where no API answers: another restore, from elsewhere, may be at work', async () => {
  const scenario = await withLeftFetch()
  scenario.world.machine('10.66.0.11').docker.stop('kube-apiserver')
  const { steps } = await scenario.plan()
  expect(steps).not.toEqual([])
  expect(deletions(steps)).toEqual([])
  await scenario.up().result
  expect(deletions((await scenario.plan()).steps)).toEqual([REASON, REASON])
})

test('a save deletes it after a day', async () => {
  const scenario = await withLeftFetch()
  expect(deletions((await scenario.save({ name: 's2', dryRun: true }).result).steps)).toEqual([])
  for (const { docker } of scenario.world.machines) docker.find('etcd-snapshot-fetched').created -= TWO_DAYS
  const { steps } = await scenario.save({ name: 's2' }).result
  expect(deletions(steps)).toEqual([REASON, REASON])
  expect(left(scenario)).toEqual([])
})

test('a restore of fewer members deletes it where there is none any more', async () => {
  const smaller = (await withLeftFetch()).with(cluster({ 11: 'controlplane, etcd, worker', 12: 'worker' }))
  await smaller.restore({ name: 's1' }).result
  expect(left(smaller)).toEqual([])
  expect((await smaller.plan()).steps).toEqual([])
})

test('a restore that goes on uses it, and deletes it in the end', async () => {
  const scenario = await withLeftFetch()
  await scenario.restore({ name: 's1' }).result
  expect(left(scenario)).toEqual([])
  expect((await scenario.plan()).steps).toEqual([])
})
