import { expect, test } from 'vitest'
import { planText } from '../../../../src/cli/output/plan-text.ts'
import type { RestoreOptions } from '../../../../src/operations/snapshots/restore-snapshot.ts'
import { WatchedStore } from '../../../sim/watched-store.ts'
import { ALL_ROLES, cluster, ONE_NODE } from '../clusters.ts'
import { Scenario } from '../support.ts'
import { expectOneWorld, withSnapshot } from './worlds.ts'

const COMMAND = 'rke etcd snapshot-restore --name s1'

async function planned(scenario: Scenario, options: Partial<RestoreOptions> = {}): Promise<string> {
  const { steps } = await scenario.restore({ name: 's1', dryRun: true, ...options }).result
  return planText(steps, COMMAND)
}

test('three nodes with all roles', async () => {
  const scenario = await withSnapshot(ALL_ROLES)
  await expect(await planned(scenario)).toMatchFileSnapshot('golden/three-nodes.txt')
})

test('one new machine, and the one from before is lost with the state', async () => {
  const NEW = cluster({ 21: 'controlplane, etcd, worker' })
  const both = cluster({ 11: 'controlplane, etcd, worker', 21: 'controlplane, etcd, worker' })
  const { world } = await withSnapshot(ONE_NODE, both)
  const path = '/opt/rke/etcd-snapshots/s1.zip'
  const content = world.machine('10.66.0.11').disk.bytes(path) ?? Buffer.alloc(0)
  world.machine('10.66.0.21').disk.put(path, { type: 'file', content, mode: 0o600, uid: 0, gid: 0 })
  world.machine('10.66.0.11').powerOff()
  const scenario = new Scenario((await Scenario.of(NEW)).config, world, new WatchedStore())
  await expect(await planned(scenario)).toMatchFileSnapshot('golden/new-machine.txt')
})

test('nodes that left since are left alone, or, where that is asked for, cleaned, and their data is set aside like that of the others', async () => {
  const { world, store } = await withSnapshot(ALL_ROLES)
  const one = new Scenario((await Scenario.of(ONE_NODE)).config, world, store)
  expect((await planned(one)).match(/set the data in \/var\/lib\/etcd aside/g)).toHaveLength(1)
  const text = await planned(one, { cleanFormerNodes: true })
  expect(text.match(/set the data in \/var\/lib\/etcd aside/g)).toHaveLength(3)
  expect(text.match(/restore etcd-/g)).toHaveLength(1)
  await one.restore({ name: 's1', cleanFormerNodes: true }).result
  for (const last of [12, 13]) expect(world.machine(`10.66.0.${last}`).docker.containers).toEqual([])
  expect((await one.plan()).steps).toEqual([])
})

test('etcd nodes that cannot be reached are left out where that is asked for, and up brings them back', async () => {
  const scenario = await withSnapshot(ALL_ROLES)
  const lost = scenario.world.machine('10.66.0.13')
  lost.powerOff()
  await expect(scenario.restore({ name: 's1' }).result).rejects.toThrow(/10\.66\.0\.13|connect/)
  await expect(scenario.restore({ name: 's1', skipUnreachable: true }).result).rejects.toThrow(
    'restored, but without host(s) [10.66.0.13]',
  )
  expect((await scenario.store.load())?.state.restoring).toBeUndefined()
  lost.powerOn()
  await scenario.up().result
  await expectOneWorld(scenario)
})
