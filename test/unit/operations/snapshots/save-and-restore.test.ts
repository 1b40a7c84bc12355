import { expect, test } from 'vitest'
import { dns } from '../../../sim/workloads.ts'
import { ALL_ROLES, cluster } from '../clusters.ts'
import { expectOneWorld, madeIn, make, withSnapshot } from './worlds.ts'

test('a restored cluster has what was there before the snapshot, and nothing that came after', async () => {
  const scenario = await withSnapshot(ALL_ROLES)
  expect(madeIn(scenario)).toEqual(['after', 'before'])
  await scenario.restore({ name: 's1' }).result
  expect(madeIn(scenario)).toEqual(['before'])
  await expectOneWorld(scenario)
})

test('a snapshot can be restored again and again, also one of a restored cluster', async () => {
  const scenario = await withSnapshot(ALL_ROLES)
  await scenario.restore({ name: 's1' }).result
  make(scenario, 'second')
  await scenario.save({ name: 's2' }).result
  await scenario.restore({ name: 's1' }).result
  expect(madeIn(scenario)).toEqual(['before'])
  await scenario.restore({ name: 's2' }).result
  expect(madeIn(scenario)).toEqual(['before', 'second'])
  await expectOneWorld(scenario)
})

const ALL = 'controlplane, etcd, worker'

test.each([
  ['all members are stopped', (machine: string) => ({ machine, container: 'etcd' })],
  ['no API server runs', (machine: string) => ({ machine, container: 'kube-apiserver' })],
])('a snapshot is restored where %s', async (_, of) => {
  const scenario = await withSnapshot(ALL_ROLES)
  for (const { address, docker } of scenario.world.machines) docker.remove(of(address).container, true)
  await scenario.restore({ name: 's1' }).result
  expect(madeIn(scenario)).toEqual(['before'])
  await expectOneWorld(scenario)
})

test('a snapshot is restored where the members of etcd have become others since', async () => {
  const before = await withSnapshot(cluster({ 11: ALL }), ALL_ROLES)
  const larger = before.with(ALL_ROLES)
  await larger.up().result
  make(larger, 'later')
  await larger.restore({ name: 's1' }).result
  expect(madeIn(larger)).toEqual(['before'])
  await expectOneWorld(larger)
})

test('a snapshot is restored without a worker, though pods of add-ons want one', async () => {
  const scenario = await withSnapshot(cluster({ 11: 'controlplane, etcd', 12: 'worker' }))
  scenario.kube.create(dns(2))
  await scenario.save({ name: 's2' }).result
  const smaller = scenario.with(cluster({ 11: 'controlplane, etcd' }))
  await smaller.restore({ name: 's2', cleanFormerNodes: true }).result
  await expectOneWorld(smaller)
})
