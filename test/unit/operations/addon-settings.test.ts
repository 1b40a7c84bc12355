import { expect, test } from 'vitest'
import type { ConfigMap } from '../../../src/kube/objects/kube-object.ts'
import { ONE_NODE } from './clusters.ts'
import { killedWhen } from './crash.ts'
import { Scenario } from './support.ts'

const CONFIG_MAP = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'coredns-autoscaler', namespace: 'kube-system' },
}
const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kube-system', name: 'coredns-autoscaler' }
const BY_HAND = '{"coresPerReplica":1}'
const CHANGED = `${ONE_NODE}dns: {linear_autoscaler_params: {cores_per_replica: 9, nodes_per_replica: 2, min: 2}}\n`
const WANTED = '{"coresPerReplica":9,"nodesPerReplica":2,"min":2}'

/** A cluster whose autoscaler has written down what it read, and somebody has changed that. */
async function scaled(): Promise<Scenario> {
  const scenario = await Scenario.up(ONE_NODE)
  scenario.kube.create({ ...CONFIG_MAP, data: { linear: BY_HAND } } as ConfigMap)
  return scenario
}

const linear = ({ kube }: Scenario): string | undefined => kube.get<ConfigMap>(ref)?.data?.linear

test('changed parameters of the autoscaler reach the ConfigMap that it made of earlier ones', async () => {
  const scenario = (await scaled()).with(CHANGED)
  await scenario.up().result
  expect(linear(scenario)).toBe(WANTED)
  expect((await scenario.plan()).steps).toEqual([])
})

test('they do so after a run that was killed in the middle of it', async () => {
  const scenario = (await scaled()).with(CHANGED)
  await killedWhen(
    scenario,
    ({ type, ...rest }) => type === 'started' && JSON.stringify(rest).includes('addon.apply'),
  )
  await scenario.up().result
  expect(linear(scenario)).toBe(WANTED)
})

test('as long as they are the same, what somebody wrote there by hand stays', async () => {
  const scenario = (await scaled()).with(`${ONE_NODE}dns: {upstreamnameservers: [192.0.2.53]}\n`)
  await scenario.up().result
  expect(linear(scenario)).toBe(BY_HAND)
})

test('an autoscaler that never ran reads them itself', async () => {
  const scenario = (await Scenario.up(ONE_NODE)).with(CHANGED)
  await scenario.up().result
  expect(scenario.kube.get(ref)).toBeUndefined()
})
