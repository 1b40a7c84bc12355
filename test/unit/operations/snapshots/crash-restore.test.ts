import { expect, test } from 'vitest'
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
