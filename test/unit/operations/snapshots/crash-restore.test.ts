import { expect, test } from 'vitest'
import type { ClusterState } from '../../../../src/state/cluster-state.ts'
import { cluster } from '../clusters.ts'
import { killedInWrite } from '../crash.ts'
import { randomKills, seed } from '../random.ts'
import { expectRestored, killable, killedAfter, restoring, stepsOfRestore } from './kills.ts'

const steps = await stepsOfRestore()
const whole = await killable()
whole.writes()
await whole.restore({ name: 's1' }).result
const writes = whole.writes().length

test('the plan of a restore has steps of every part', () => {
  expect([...new Set(steps.map(({ kind }) => kind))]).toEqual(
    expect.arrayContaining([
      'snapshot.copy',
      'snapshot.unpack',
      'restore.begin',
      'host.clean',
      'etcd.data.set-aside',
      'etcd.restore',
      'container.create',
      'restore.finish',
      'etcd.data.discard',
      'restore.end',
    ]),
  )
})

for (const [index, { id }] of steps.entries()) {
  test(`killed after step ${index + 1} of a restore, ${id}, the next one comes to the same end`, async () => {
    const scenario = await killable()
    await killedAfter(scenario, id)
    await scenario.restore({ name: 's1' }).result
    await expectRestored(scenario)
  })
}

for (const { number, moment } of randomKills(8, writes)) {
  test(`killed ${moment} write ${number} of a restore, the next one comes to the same end (seed ${seed})`, async () => {
    const scenario = await killable()
    await killedInWrite(scenario, number, moment, restoring(scenario))
    await scenario.restore({ name: 's1' }).result
    await expectRestored(scenario)
  })
}

test('killed when machines are cleaned, nothing is left of a member that was to leave, and had not left', async () => {
  const before = await killable()
  const scenario = before.with(cluster({ 11: 'controlplane, etcd', 12: 'worker' }))
  const { state, revision } = (await scenario.store.load()) ?? {}
  if (state === undefined) throw new TypeError('there is no state')
  const half = (part: ClusterState['currentState']) => ({ ...part, rkeConfig: scenario.config })
  const applied = { ...state, currentState: half(state.currentState), desiredState: half(state.desiredState) }
  await scenario.store.save(applied, revision)
  await killedAfter(scenario, 'clean/node/10.66.0.12/clean')
  await scenario.restore({ name: 's1' }).result
  await expectRestored(scenario)
  expect(scenario.world.machine('10.66.0.12').disk.below('/var/lib/etcd')).toEqual([])
})
