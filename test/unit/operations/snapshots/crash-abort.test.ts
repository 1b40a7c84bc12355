import { expect, test } from 'vitest'
import type { Event } from '../../../../src/engine/events.ts'
import { killedInWrite, killedWhen } from '../crash.ts'
import { randomKills, seed } from '../random.ts'
import {
  expectAsBefore,
  expectRestored,
  killable,
  killedAfter,
  oneOfEach,
  restoring,
  stepsOfRestore,
} from './kills.ts'

const steps = await stepsOfRestore()
const at = (kind: string): number => steps.findIndex((step) => step.kind === kind)
const idOf = (kind: string): string => steps[at(kind)]?.id ?? ''

for (const { id } of oneOfEach(steps.slice(at('restore.begin'), at('restore.finish')))) {
  test(`killed after ${id}, a restore is aborted, and the cluster is what it was`, async () => {
    const scenario = await killable()
    await killedAfter(scenario, id)
    await scenario.abortRestore().result
    await expectAsBefore(scenario)
  })
}

for (const { number, moment } of randomKills(6, 60)) {
  test(`killed ${moment} write ${number} of the way back, the next one comes to its end (seed ${seed})`, async () => {
    const scenario = await killable()
    await killedAfter(scenario, idOf('container.create'))
    await killedInWrite(scenario, number, moment, (options, deps) => scenario.abortRestore(options, deps))
    await scenario.abortRestore().result
    await expectAsBefore(scenario)
  })

  test(`killed ${moment} write ${number} of the way back, the restore can go on instead (seed ${seed})`, async () => {
    const scenario = await killable()
    await killedAfter(scenario, idOf('container.create'))
    await killedInWrite(scenario, number, moment, (options, deps) => scenario.abortRestore(options, deps))
    await scenario.restore({ name: 's1' }).result
    await expectRestored(scenario)
  })
}

test('nothing leads back once the restored cluster works, and the next run ends the restore', async () => {
  const scenario = await killable()
  await killedAfter(scenario, idOf('etcd.data.discard'))
  const refusal = /the restored cluster works|no restore is under way/
  await expect(scenario.abortRestore().result).rejects.toThrow(refusal)
  let done = 0
  const isLate = ({ type }: Event): boolean => type === 'done' && ++done === 8
  await killedWhen(scenario, isLate, restoring(scenario))
  await expect(scenario.abortRestore().result).rejects.toThrow(refusal)
  await scenario.restore({ name: 's1' }).result
  await expectRestored(scenario)
})
