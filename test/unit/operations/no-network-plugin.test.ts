import { expect, test } from 'vitest'
import { ONE_NODE } from './clusters.ts'
import { Scenario } from './support.ts'

const WITHOUT = ONE_NODE.replace('plugin: flannel', 'plugin: none')

test('with network plugin none no step waits for nodes to be Ready, as the user brings a plugin later', async () => {
  const scenario = await Scenario.of(WITHOUT)
  const { steps } = await scenario.up().result
  expect(steps.map(({ kind }) => kind)).not.toContain('node.ready')
  expect(steps.map(({ kind }) => kind)).toContain('node.register')
  expect((await scenario.plan()).steps).toEqual([])
})
