import { expect, test } from 'vitest'
import { toKubeNode } from '../../../src/kube/objects/to-kube-node.ts'
import { ALL_ROLES, MIXED_ROLES, ONE_NODE } from './clusters.ts'
import { expectOneAuthority, expectTidy } from './crash.ts'
import { Scenario } from './support.ts'

const CLUSTERS = [
  { name: 'one node', text: ONE_NODE },
  { name: 'three nodes of mixed roles', text: MIXED_ROLES },
  { name: 'three nodes of all roles', text: ALL_ROLES },
]

for (const { name, text } of CLUSTERS) {
  test(`up builds a cluster of ${name}, and a second run writes nothing anywhere`, async () => {
    const scenario = await Scenario.of(text)
    const result = await scenario.up().result
    expect(result.done).toBe(result.steps.length)
    expect(result.steps).toEqual(result.plan.actions.map(({ id }) => expect.objectContaining({ id })))
    expectTidy(scenario)
    await expectOneAuthority(scenario)
    const nodes = scenario.kube.list('v1', 'Node').map(toKubeNode)
    expect(nodes.map(({ ready }) => ready)).toEqual(scenario.config.nodes.map(() => true))

    scenario.writes()
    expect((await scenario.plan()).steps).toEqual([])
    const again = await scenario.up().result
    expect(again).toMatchObject({ steps: [], done: 0 })
    expect(scenario.writes()).toEqual([])
  })

  test(`plan writes nothing on fresh machines for ${name}`, async () => {
    const scenario = await Scenario.of(text)
    expect((await scenario.plan()).steps).not.toEqual([])
    expect(scenario.writes()).toEqual([])
  })
}
