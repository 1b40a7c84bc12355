import { expect, test } from 'vitest'
import { saveSnapshot } from '../../../src/operations/snapshots/save-snapshot.ts'
import { ONE_NODE } from './clusters.ts'
import { killedInWrite } from './crash.ts'
import { randomKills, seed } from './random.ts'
import { Scenario } from './support.ts'

const scenario = await Scenario.up(ONE_NODE)
scenario.writes()
await saveSnapshot(scenario.config, scenario.deps, { name: 'counted' }).result
const writes = scenario.writes().length
test('a save makes requests that change something', () => expect(writes).toBeGreaterThan(5))

for (const { number, moment } of randomKills(12, writes)) {
  test(`killed ${moment} write ${number} of a save, nothing keeps the next one from its work (seed ${seed})`, async () => {
    const killed = await Scenario.up(ONE_NODE)
    await killedInWrite(killed, number, moment, (options, deps) =>
      saveSnapshot(killed.config, { ...killed.deps, ...deps }, { ...options, name: 'killed' }),
    )
    const { saved } = await saveSnapshot(killed.config, killed.deps, { name: 'next' }).result
    expect(saved).toHaveLength(1)
    const [machine] = killed.world.machines
    const helpers = machine?.docker.containers.filter(({ name }) =>
      /snapshot-(once|reader)|deployer/.test(name),
    )
    expect(helpers?.map(({ name }) => name)).toEqual([])
    expect(machine?.disk.below('/etc/kubernetes').filter((path) => path.endsWith('.rkestate'))).toEqual([])
    expect((await killed.plan()).steps).toEqual([])
  })
}
