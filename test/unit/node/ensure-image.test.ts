import { expect, test } from 'vitest'
import { ImagePullError } from '../../../src/errors.ts'
import { ensureImage } from '../../../src/node/helpers/ensure-image.ts'
import { FakeNode } from '../fakes/fake-node.ts'

test('an image that is there is not pulled', async () => {
  const node = new FakeNode('10.0.0.1')
  node.docker.addImage('rancher/x:1')
  expect(await ensureImage(node, 'rancher/x:1')).toEqual({ pulled: false })
  expect(node.docker.changes).toEqual([])
})

test('a missing image is pulled', async () => {
  const node = new FakeNode('10.0.0.1')
  expect(await ensureImage(node, 'rancher/x:1')).toEqual({ pulled: true })
  expect(node.docker.images.has('rancher/x:1')).toBe(true)
})

test('a pull that a wrong name makes fail is not tried again', async () => {
  const node = new FakeNode('10.0.0.1')
  node.docker.registry = new Map()
  await expect(ensureImage(node, 'rancher/typo:1')).rejects.toThrow('manifest unknown')
  expect(node.docker.changes).toEqual(['pullImage rancher/typo:1'])
})

test('a pull that the network makes fail is tried again', async () => {
  const node = new FakeNode('10.0.0.1')
  let failures = 1
  node.docker.beforeCall = (name) => {
    if (name === 'pullImage' && failures-- > 0) throw new ImagePullError('x: net/http: TLS handshake timeout')
  }
  expect(await ensureImage(node, 'rancher/x:1')).toEqual({ pulled: true })
})
