import { expect, test } from 'vitest'
import { DockerError } from '../../../src/errors.ts'
import { wasRemoved } from '../../../src/observe/observe-member.ts'
import { FakeNode } from '../fakes/fake-node.ts'

test('a member was not taken out as far as anybody knows where its log cannot be read', async () => {
  const node = new FakeNode('10.0.0.1')
  node.docker.logs = () =>
    Promise.reject(new DockerError('configured logging driver does not support reading'))
  expect(await wasRemoved(node, 'etcd', new AbortController().signal)).toBe(false)
})
