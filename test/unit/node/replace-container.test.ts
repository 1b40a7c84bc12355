import { beforeEach, expect, test } from 'vitest'
import { replaceContainer } from '../../../src/node/containers/replace-container.ts'
import { FakeNode } from '../fakes/fake-node.ts'

const IMAGE = 'rancher/hyperkube:v2'
const container = { Image: IMAGE, HostConfig: { RestartPolicy: { Name: 'always' } } } as const
const replace = { name: 'kubelet', container, graceSeconds: 5 }
let node: FakeNode

beforeEach(() => {
  node = new FakeNode('10.0.0.1')
  node.docker.addImage(IMAGE)
})

function withOld(): string {
  return node.docker.addContainer('kubelet', { ...container, Image: 'rancher/hyperkube:v1' }).id
}

test('the new container takes the place of the old one, which is stopped first and removed last', async () => {
  const old = withOld()
  const { id } = await replaceContainer(node, replace)
  expect([...node.docker.containers.values()].map(({ name, status }) => [name, status])).toEqual([
    ['kubelet', 'running'],
  ])
  expect(node.docker.containers.get('kubelet')?.id).toBe(id)
  expect(node.docker.changes).toEqual([
    'removeContainer old-kubelet',
    `stopContainer ${old}`,
    `setRestartPolicy ${old}`,
    `renameContainer ${old}`,
    'createContainer kubelet',
    `startContainer ${id}`,
    `removeContainer ${old}`,
  ])
})

test('a container of that name need not be there', async () => {
  await replaceContainer(node, replace)
  expect(node.docker.containers.get('kubelet')?.status).toBe('running')
})

test('what an interrupted replacement left under the old name is removed', async () => {
  withOld()
  node.docker.addContainer('old-kubelet', container, 'exited')
  await replaceContainer(node, replace)
  expect([...node.docker.containers.keys()]).toEqual(['kubelet'])
})

test.each(['createContainer', 'startContainer'] as const)(
  'when %s fails, the old container runs again as it was, and the reason is told',
  async (failing) => {
    const old = withOld()
    node.docker.beforeCall = (name, [target]) => {
      if (name === failing && target !== old) throw new Error('no space left on device')
    }
    await expect(replaceContainer(node, replace)).rejects.toMatchObject({
      message: 'no space left on device',
      host: '10.0.0.1',
      step: 'replace container kubelet',
    })
    expect([...node.docker.containers.values()]).toMatchObject([
      { id: old, name: 'kubelet', status: 'running', restartPolicy: 'always' },
    ])
  },
)

test('a new container that runs stays, whatever fails before the old one is removed', async () => {
  withOld()
  const meanwhile = async () => {
    throw new Error('no link to its log')
  }
  await expect(replaceContainer(node, { ...replace, meanwhile })).rejects.toThrow('no link to its log')
  expect([...node.docker.containers.values()].map(({ name, status }) => [name, status])).toEqual([
    ['old-kubelet', 'exited'],
    ['kubelet', 'running'],
  ])
})

test('a container that runs is always one that Docker starts again', async () => {
  withOld()
  const policies: string[] = []
  node.docker.beforeCall = () => {
    for (const { status, restartPolicy } of node.docker.containers.values()) {
      if (status === 'running') policies.push(restartPolicy)
    }
  }
  await replaceContainer(node, replace)
  expect(new Set(policies)).toEqual(new Set(['always']))
})

test('when the old container cannot be stopped, it stays as it was', async () => {
  const old = withOld()
  node.docker.beforeCall = (name) => {
    if (name === 'stopContainer') throw new Error('stuck')
  }
  await expect(replaceContainer(node, replace)).rejects.toThrow('stuck')
  expect([...node.docker.containers.values()]).toMatchObject([
    { id: old, name: 'kubelet', restartPolicy: 'always', status: 'running' },
  ])
})

test('a new container that runs stays when Docker cannot remove the old one', async () => {
  const old = withOld()
  node.docker.beforeCall = (name, [target]) => {
    if (name === 'removeContainer' && target === old) throw new Error('device or resource busy')
  }
  await expect(replaceContainer(node, replace)).rejects.toThrow('device or resource busy')
  expect([...node.docker.containers.values()].map(({ name, status }) => [name, status])).toEqual([
    ['old-kubelet', 'exited'],
    ['kubelet', 'running'],
  ])
})
