import { expect, it } from 'vitest'
import { nodeCordon, nodeDelete, nodeUncordon } from '../../../src/actions/kube/node-schedule.ts'
import { nodeNameOf } from '../../../src/kube/objects/node-name.ts'
import { FakeKube } from '../fakes/fake-kube.ts'
import { config } from '../fixture.ts'
import { bench } from './support.ts'

const [machine] = config.nodes
if (machine === undefined) throw new TypeError('the fixture has no nodes')
const NAME = 'ip-10-66-0-11.eu-west-1.compute.internal'
const ADDRESS = { type: 'InternalIP', address: machine.internalAddress }
const found = nodeNameOf(machine, { cloudProvider: { name: 'external-aws' } })
const base = { id: 'x', node: machine.address, ...found, because: [], after: [] }

it('a Node that the cloud has named is cordoned, uncordoned and deleted like any other', async () => {
  const kube = new FakeKube()
  kube.putNode(NAME, { addresses: [ADDRESS] })
  const context = { ...bench(machine.address).context, kube: async () => kube }
  await nodeCordon.run({ ...base, kind: 'node.cordon' }, context)
  expect((await kube.getNode(NAME))?.unschedulable).toBe(true)
  await nodeUncordon.run({ ...base, kind: 'node.uncordon' }, context)
  expect((await kube.getNode(NAME))?.unschedulable).toBe(false)
  await nodeDelete.run({ ...base, kind: 'node.delete' }, context)
  expect(await kube.getNode(NAME)).toBeUndefined()
})

it('a Node is not found by its address where the kubelet names it: another machine may have had that', () => {
  expect(nodeNameOf(machine, { cloudProvider: {} })).toEqual({ hostname: machine.hostnameOverride })
})
