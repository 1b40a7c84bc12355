import { test } from 'vitest'
import { MIXED_ROLES, TWO_NODES } from './clusters.ts'
import { expectSameCluster, expectTidy, expectToGoOn, goOn, killedInWrite, storedAuthority } from './crash.ts'
import { randomKills, seed } from './random.ts'
import { Scenario } from './support.ts'

/** How many requests an undisturbed run makes that write. */
const whole = await Scenario.of(TWO_NODES)
await whole.up().result
const writes = whole.writes().length

for (const { number, moment } of randomKills(8, writes)) {
  test(`killed ${moment} write ${number} of a new cluster, up goes on to the same cluster (seed ${seed})`, async () => {
    const scenario = await Scenario.of(TWO_NODES)
    await killedInWrite(scenario, number, moment)
    await expectToGoOn(scenario)
  })
}

test(`killed again and again, up still comes to the same cluster (seed ${seed})`, async () => {
  const scenario = await Scenario.of(MIXED_ROLES)
  await killedInWrite(scenario, 1, 'after')
  const authority = await storedAuthority(scenario)
  for (const { number, moment } of randomKills(8, 25)) {
    await killedInWrite(scenario, number, moment)
    await expectSameCluster(scenario, authority)
  }
  await goOn(scenario)
  await expectSameCluster(scenario, authority)
  expectTidy(scenario)
}, 0)
