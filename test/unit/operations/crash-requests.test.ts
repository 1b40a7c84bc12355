import { expect, test } from 'vitest'
import { MIXED_ROLES, TWO_NODES } from './clusters.ts'
import { expectOneAuthority, expectTidy, goOn, killedInWrite, MOMENTS, storedAuthority } from './crash.ts'
import { randomFrom, seed } from './random.ts'
import { Scenario } from './support.ts'

/** How many requests an undisturbed run makes that write. */
const whole = await Scenario.of(TWO_NODES)
await whole.up().result
const writes = whole.writes().length

const random = randomFrom(seed)
const samples = Array.from({ length: 24 }, () => ({
  seed,
  number: 1 + random(writes),
  moment: MOMENTS[random(MOMENTS.length)] ?? 'after',
}))

test.each(samples)(
  'killed $moment write $number of a new cluster (seed $seed), up goes on to the same cluster',
  async ({ number, moment }) => {
    const scenario = await Scenario.of(TWO_NODES)
    await killedInWrite(scenario, number, moment)
    const authority = await storedAuthority(scenario)
    await expectOneAuthority(scenario)
    await goOn(scenario)
    if (authority !== undefined) expect(await storedAuthority(scenario)).toBe(authority)
    await expectOneAuthority(scenario)
    expectTidy(scenario)
  },
)

test('killed again and again, up still comes to the same cluster', async () => {
  const scenario = await Scenario.of(MIXED_ROLES)
  await killedInWrite(scenario, 1, 'after')
  const authority = await storedAuthority(scenario)
  for (let crash = 0; crash < 12; crash++) {
    await killedInWrite(scenario, 1 + random(25), MOMENTS[random(MOMENTS.length)] ?? 'after')
    await expectOneAuthority(scenario)
  }
  await goOn(scenario)
  expect(await storedAuthority(scenario), `seed ${seed}`).toBe(authority)
  expectTidy(scenario)
})
