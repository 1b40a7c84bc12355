import { beforeEach, expect, test } from 'vitest'
import type { Event } from '../../../../src/engine/events.ts'
import type { RestoreOptions } from '../../../../src/session/restore/restore-options.ts'
import { ALL_ROLES } from '../clusters.ts'
import { killedWhen } from '../crash.ts'
import { eventsOf, reasonsOf, type Scenario } from '../support.ts'
import { expectOneWorld, madeIn, withSnapshot } from './worlds.ts'

const AWAY = '10.66.0.13'

let scenario: Scenario

beforeEach(async () => {
  scenario = await withSnapshot(ALL_ROLES)
})

/** A restore that a machine misses, though all of it runs; its failure, and what it warned of. */
async function restoreWithout(addresses: readonly string[], options: Partial<RestoreOptions> = {}) {
  for (const address of addresses) scenario.world.machine(address).reachable = false
  const run = scenario.restore({ name: 's1', skipUnreachable: true, ...options })
  const events = await eventsOf(run)
  const failure = await run.result.then(
    () => undefined,
    (thrown: Error) => thrown,
  )
  for (const address of addresses) scenario.world.machine(address).reachable = true
  return { failure, warnings: events.flatMap(warning) }
}

const warning = (event: Event): readonly string[] =>
  event.type === 'notice' && event.level === 'warning' ? [event.text] : []

/** All that containers of a machine were made with. */
const specsOn = (address: string): string =>
  JSON.stringify(scenario.world.machine(address).docker.containers.map(({ spec }) => spec))

const leftOut = async () => (await scenario.store.load())?.state.notRestored

test('nothing of a restored cluster speaks to a machine that was skipped and may run', async () => {
  const { failure, warnings } = await restoreWithout([AWAY])
  expect(failure?.message).toMatch(/restored, but without host\(s\) \[10\.66\.0\.13\]/)
  expect(warnings.join('\n')).toMatch(/Host \[10\.66\.0\.13\] is left out .*Switch it off now/)
  for (const address of ['10.66.0.11', '10.66.0.12']) expect(specsOn(address)).not.toContain(AWAY)
  expect(await leftOut()).toEqual([AWAY])
  expect(scenario.kube.list('v1', 'Node').map(({ metadata }) => metadata.name)).not.toContain(AWAY)
})

test('the kubeconfig of a restored cluster does not lead to a machine that was skipped', async () => {
  await restoreWithout(['10.66.0.11'])
  const { certificatesBundle } = (await scenario.store.load())?.state.desiredState ?? {}
  expect(certificatesBundle?.['kube-admin']?.config).toContain('server: "https://10.66.0.12:6443"')
})

test('a skipped machine is cleaned before it joins the restored cluster, though all of it runs as wanted', async () => {
  await restoreWithout([AWAY])
  const before = new Set(scenario.world.machine(AWAY).docker.containers.map(({ id }) => id))
  const reasons = reasonsOf(await scenario.plan())
  expect(reasons[`node/${AWAY}/clean`]).toEqual(['a restore left it out, and it still has what came before'])
  expect(reasons[`node/${AWAY}/leftover/kube-apiserver`]).toBeDefined()
  await scenario.up().result
  expect(scenario.world.machine(AWAY).docker.containers.filter(({ id }) => before.has(id))).toEqual([])
  expect(await leftOut()).toBeUndefined()
  expect(madeIn(scenario)).toEqual(['before'])
  await expectOneWorld(scenario)
})

test.each(['host.clean', 'restore.clean', 'etcd.member.add', 'etcd.member.promote'])(
  'a skipped machine joins the restored cluster after a kill of up when %s is done',
  async (kind) => {
    await restoreWithout([AWAY])
    await killedWhen(scenario, (event) => event.type === 'done' && event.step.kind === kind)
    await scenario.up().result
    expect(await leftOut()).toBeUndefined()
    expect(madeIn(scenario)).toEqual(['before'])
    await expectOneWorld(scenario)
  },
)

test('a snapshot is not taken of a member that a restore has left out', async () => {
  await restoreWithout([AWAY])
  const { saved } = await scenario.save({ name: 's2' }).result
  expect(saved.map(({ node }) => node)).toEqual(['10.66.0.11', '10.66.0.12'])
})

test('a restore beside a quorum of the members before wants to know that these are switched off', async () => {
  const two = ['10.66.0.12', AWAY]
  const refused = await restoreWithout(two)
  expect(refused.failure?.message).toMatch(/2 of 3 etcd members of the cluster from before cannot be reached/)
  expect(madeIn(scenario)).toEqual(['after', 'before'])
  const { failure } = await restoreWithout(two, { skippedAreOff: true })
  expect(failure?.message).toMatch(/restored, but without host\(s\) \[10\.66\.0\.12,10\.66\.0\.13\]/)
  await scenario.up().result
  expect(madeIn(scenario)).toEqual(['before'])
  await expectOneWorld(scenario)
})
