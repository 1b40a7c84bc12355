import { expect, test } from 'vitest'
import { TWO_NODES } from './clusters.ts'
import { expectOneAuthority, expectTidy, goOn, killedWhen, storedAuthority } from './crash.ts'
import { Scenario } from './support.ts'

const { steps } = await (await Scenario.of(TWO_NODES)).plan()

test('the plan of a fresh cluster has steps of every part', () => {
  expect(steps.length).toBeGreaterThan(35)
})

test.each(steps.map(({ id }, index) => ({ number: index + 1, id })))(
  'killed after step $number of a new cluster, $id, up goes on to the same cluster',
  async ({ id }) => {
    const scenario = await Scenario.of(TWO_NODES)
    const { planned, done } = await killedWhen(
      scenario,
      (event) => event.type === 'done' && event.step.id === id,
    )
    expect(done).toBeGreaterThan(0)
    expect(planned).toBe(steps.length)
    const authority = await storedAuthority(scenario)
    expect(authority).toBeDefined()
    await expectOneAuthority(scenario)
    await goOn(scenario)
    expect(await storedAuthority(scenario)).toBe(authority)
    await expectOneAuthority(scenario)
    expectTidy(scenario)
  },
)
