import { expect, test } from 'vitest'
import { plan } from '../../../src/operations/plan.ts'
import { recoverState } from '../../../src/operations/recovery/recover-state.ts'
import { WatchedStore } from '../../sim/watched-store.ts'
import { cluster, ONE_NODE } from './clusters.ts'
import { killedWhen } from './crash.ts'
import { eventsOf, Scenario } from './support.ts'

const FOREIGN = /the cluster was changed with another state file since this one was last used/
const option = (value: number): string =>
  `${cluster({ 11: 'controlplane, etcd, worker' })}services: {kubelet: {extra_args: {v: "${value}"}}}\n`

/** Two operators with a state file each, and the cluster that the first one has changed since they were the same. */
async function two(): Promise<{ readonly first: Scenario; readonly second: Scenario }> {
  const first = await Scenario.up(ONE_NODE)
  const stored = await first.store.load()
  if (stored === undefined) throw new TypeError('no state')
  const store = new WatchedStore()
  await store.save(stored.state, undefined)
  const second = new Scenario(first.with(option(4)).config, first.world, store)
  await first.with(option(3)).up().result
  second.writes()
  return { first, second }
}

test('a state file that is older than what the cluster was changed with last is refused, and nothing is changed', async () => {
  const { second } = await two()
  await expect(second.up().result).rejects.toThrow(FOREIGN)
  expect(second.writes()).toEqual([])
})

test('the plan that is made with it says so', async () => {
  const { second } = await two()
  const events = await eventsOf(plan(second.config, second.deps))
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'notice', level: 'warning', text: expect.stringMatching(FOREIGN) }),
  )
})

test('once the state of the cluster is got back, up goes on with it', async () => {
  const { first, second } = await two()
  await recoverState(second.config, second.deps).result
  await second.up().result
  expect((await second.plan()).steps).toEqual([])
  // Now the first one is the older.
  await expect(first.with(option(5)).up().result).rejects.toThrow(FOREIGN)
})

test('a run that ends between the plan of another one and its first step makes that one begin again', async () => {
  const scenario = (await Scenario.up(ONE_NODE)).with(option(3))
  const name = 'full-cluster-state'
  const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'kube-system', name }
  scenario.world.hooks.before = ({ method, path }) => {
    if (method !== 'POST' || !path.endsWith('/leases')) return
    const other = Buffer.from('{"desiredState":{},"currentState":{}}').toString('base64')
    scenario.kube.patch(secret, { data: { [name]: other } })
  }
  await expect(scenario.up({ owner: 'anna@laptop:/cluster.yml' }).result).rejects.toThrow(
    'another run has changed the cluster while this plan was made',
  )
  const { kubelet } = (await scenario.store.load())?.state.desiredState.rkeConfig?.services ?? {}
  expect(kubelet?.extraArgs).not.toHaveProperty('v', '3')
})

test('where no API answers when the plan is made, the copy of somebody else is not written over', async () => {
  const { second } = await two()
  const copy = { apiVersion: 'v1', kind: 'Secret', namespace: 'kube-system', name: 'full-cluster-state' }
  const before = second.kube.get(copy)
  second.world.machine('10.66.0.11').docker.stop('kube-apiserver')
  await expect(second.up().result).rejects.toThrow(FOREIGN)
  expect(second.kube.get(copy)).toEqual(before)
})

test('whoever knows that it is the right one breaks the lock', async () => {
  const { second } = await two()
  await second.up({ breakLock: true }).result
  expect((await second.plan()).steps).toEqual([])
})

test('a run that was killed at any step leaves no state that is taken for an old one', async () => {
  const { steps } = await (await Scenario.up(ONE_NODE)).with(option(3)).plan()
  expect(steps.map(({ kind }) => kind)).toContain('state.publish')
  for (const { id } of steps) {
    for (const type of ['started', 'done'] as const) {
      const scenario = (await Scenario.up(ONE_NODE)).with(option(3))
      await killedWhen(scenario, (event) => event.type === type && event.step.id === id)
      await scenario.with(option(4)).up().result
      expect((await scenario.with(option(4)).plan()).steps).toEqual([])
    }
  }
})

test('the state of RKE, which notes no copy, is taken as it is', async () => {
  const { second } = await two()
  const stored = await second.store.load()
  const { copiesInCluster, ...state } = stored?.state ?? {}
  expect(copiesInCluster).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)])
  await second.store.save(state as never, stored?.revision)
  await second.up().result
  expect((await second.plan()).steps).toEqual([])
})
