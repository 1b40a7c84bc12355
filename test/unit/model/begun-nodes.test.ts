import { expect, test } from 'vitest'
import { SimWorld } from '../../sim/sim-world.ts'
import { ModelCluster } from './model-cluster.ts'
import { addressOf, configOf, MACHINES, type WantedCluster } from './wanted-cluster.ts'

const OPTIONS = {
  version: '1.30',
  kubelet: 0,
  apiServer: 0,
  etcd: 0,
  etcdUser: 0,
  workersAtOnce: '1',
  mastersAtOnce: '1',
  drain: false,
  encryption: 'none',
} as const
const one: WantedCluster = { ...OPTIONS, nodes: { 11: ['controlplane', 'etcd', 'worker'] } }
const two: WantedCluster = { ...OPTIONS, nodes: { ...one.nodes, 12: ['worker'] } }

test('a node that was begun and taken out again is cleaned in one run, and then forgotten', async () => {
  const world = await SimWorld.create(MACHINES.map((last) => ({ address: addressOf(last) })))
  const model = new ModelCluster(world, configOf(one), () => 0)
  await (await model.prepare()).apply()
  model.config = configOf(two)
  const adding = await model.prepare()
  let done = 0
  const killed = adding.apply((event) => {
    if (event.type === 'done') done += 1
    if (done === 1) adding.run.kill()
  })
  await expect(killed).rejects.toThrow()
  model.config = configOf(one)
  await (await model.prepare()).apply()
  expect(model.store.state?.currentState.rkeConfig?.nodes.map(({ address }) => address)).toEqual([
    '10.66.0.11',
  ])
  expect((await model.prepare()).plan.actions).toEqual([])
})
