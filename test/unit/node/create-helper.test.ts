import { expect, test } from 'vitest'
import { HELPER } from '../../../src/container-names.ts'
import { withHelper } from '../../../src/node/helpers/helper-container.ts'
import { FakeNode } from '../fakes/fake-node.ts'

test('a helper with a name of its own is used, and removed, also where others cannot be looked for', async () => {
  const node = new FakeNode('10.0.0.1')
  node.docker.addImage('tools')
  node.docker.beforeCall = (name) => {
    if (name === 'listContainers') throw new Error('timeout')
  }
  const helper = { name: HELPER.listSnapshots, image: 'tools', binds: [] }
  expect(await withHelper(node, helper, async () => node.docker.containers.size)).toBe(1)
  expect(node.docker.containers.size).toBe(0)
})
