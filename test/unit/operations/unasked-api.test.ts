import { expect, test } from 'vitest'
import { isWrite } from '../../sim/calls.ts'
import { TWO_NODES } from './clusters.ts'
import { reasonsOf, Scenario } from './support.ts'

test('addons are not applied again because the API could not be asked when the plan was made', async () => {
  const scenario = await Scenario.up(TWO_NODES)
  scenario.world.machine('10.66.0.11').docker.stop('kube-apiserver')
  const planned = reasonsOf(await scenario.plan())
  expect(planned['cluster/addon/rke-network-plugin']).toEqual(['the Kubernetes API does not answer'])
  scenario.world.calls.length = 0
  await scenario.up().result
  const written = scenario.world.calls.filter((call) => call.service === 'kube' && isWrite(call))
  expect(written.map(({ method, path }) => `${method} ${path}`)).toEqual([])
  expect((await scenario.plan()).steps).toEqual([])
})

test('on a new cluster the plan gives that as the reason, and names no API that does not answer', async () => {
  const planned = reasonsOf(await (await Scenario.of(TWO_NODES)).plan())
  expect(planned['cluster/addon/rke-network-plugin']).toEqual(['new cluster'])
  expect(planned['cluster/authorization']).toEqual(['new cluster'])
  expect(planned['node/10.66.0.12/labels']).toEqual(['new node'])
  expect(Object.values(planned).flat().join('\n')).not.toMatch(/asked|answer/)
})
