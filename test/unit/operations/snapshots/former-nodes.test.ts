import { expect, test } from 'vitest'
import { ALL_ROLES, cluster } from '../clusters.ts'
import { eventsOf, type Scenario } from '../support.ts'
import { expectOneWorld, madeIn, withSnapshot } from './worlds.ts'

const ALL = 'controlplane, etcd, worker'
const OLD = ['10.66.0.11', '10.66.0.12', '10.66.0.13']

/** Containers of a machine, with their numbers: others after one was made anew. */
const containersOn = ({ world }: Scenario, address: string) =>
  world.machine(address).docker.containers.map(({ name, id, status }) => `${name} ${id} ${status}`)

const dataOn = ({ world }: Scenario, address: string) =>
  world.machine(address).disk.below('/var/lib/etcd').toSorted()

/** A cluster of three, its snapshot on a machine that is none of its, and a cluster file that names only that machine. */
async function drill(): Promise<Scenario> {
  const scenario = await withSnapshot(ALL_ROLES, cluster({ 11: ALL, 12: ALL, 13: ALL, 21: ALL }))
  const path = '/opt/rke/etcd-snapshots/s1.zip'
  const archive = scenario.world.machine('10.66.0.11').disk.at(path)
  if (archive?.type !== 'file') throw new TypeError('there is no archive')
  scenario.world.machine('10.66.0.21').disk.put(path, archive)
  return scenario.with(cluster({ 21: ALL }))
}

test('a snapshot that is tried out on another machine, beside a copy of the state, leaves the cluster alone', async () => {
  const scenario = await drill()
  const before = OLD.map((address) => [containersOn(scenario, address), dataOn(scenario, address)])
  const run = scenario.restore({ name: 's1' })
  const warned = (await eventsOf(run)).flatMap((event) => (event.type === 'notice' ? [event.text] : []))
  expect((await run.result).restored?.cleaned).toEqual([])
  expect(OLD.map((address) => [containersOn(scenario, address), dataOn(scenario, address)])).toEqual(before)
  expect((await scenario.store.load())?.state.notRestored).toBeUndefined()
  expect(warned.join('\n')).toMatch(
    /Nothing is done on 10\.66\.0\.11, 10\.66\.0\.12, 10\.66\.0\.13: no machine of the local state is in cluster\.yml/,
  )
})

test('a machine that a restore has left alone is cleaned before up adds it again', async () => {
  const scenario = await withSnapshot(ALL_ROLES)
  const smaller = scenario.with(cluster({ 11: ALL, 12: ALL }))
  const run = smaller.restore({ name: 's1' })
  const warned = (await eventsOf(run)).flatMap((event) => (event.type === 'notice' ? [event.text] : []))
  expect(warned.join('\n')).toMatch(/Nothing is done on 10\.66\.0\.13: .*Switch them off/)
  expect((await scenario.store.load())?.state.notRestored).toEqual(['10.66.0.13'])
  expect((await smaller.plan()).steps).toEqual([])
  await scenario.up().result
  expect(madeIn(scenario)).toEqual(['before'])
  await expectOneWorld(scenario)
})

test('machines that only the local state names are cleaned where that is asked for, and named before', async () => {
  const scenario = await withSnapshot(ALL_ROLES)
  const smaller = scenario.with(cluster({ 11: ALL, 12: ALL }))
  const { restored } = await smaller.restore({ name: 's1', dryRun: true }).result
  expect(restored?.cleaned).toEqual([])
  const result = await smaller.restore({ name: 's1', cleanFormerNodes: true }).result
  expect(result.restored?.cleaned).toEqual(['10.66.0.13'])
  expect(result.steps.find(({ id }) => id === 'clean/node/10.66.0.13/clean')?.because).toEqual([
    'the local state names it, and cluster.yml does not',
  ])
  expect(containersOn(smaller, '10.66.0.13')).toEqual([])
  expect(madeIn(smaller)).toEqual(['before'])
})
