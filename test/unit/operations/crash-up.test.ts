import { expect, test } from 'vitest'
import { TWO_NODES } from './clusters.ts'
import { expectToGoOn, killedWhen } from './crash.ts'
import { Scenario } from './support.ts'

const { steps } = await (await Scenario.of(TWO_NODES)).plan()

test('the plan of a fresh cluster has steps of every part', () => {
  expect(steps.length).toBeGreaterThan(35)
})

for (const [index, { id }] of steps.entries()) {
  test(`killed after step ${index + 1} of a new cluster, ${id}, up goes on to the same cluster`, async () => {
    const scenario = await Scenario.of(TWO_NODES)
    const isIt = (event: { type: string; step?: { id: string } }) =>
      event.type === 'done' && event.step?.id === id
    const { planned, done } = await killedWhen(scenario, isIt)
    expect(planned).toBe(steps.length)
    expect(done).toBeGreaterThan(0)
    await expectToGoOn(scenario)
  })
}
