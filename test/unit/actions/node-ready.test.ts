import { expect, it } from 'vitest'
import { nodeReady } from '../../../src/actions/kube/node-ready.ts'
import { FakeKube } from '../fakes/fake-kube.ts'
import { config } from '../fixture.ts'
import { bench } from './support.ts'

it('waits for the word of the kubelet that runs now, not of the one it replaced', async () => {
  const [{ address, hostnameOverride: hostname }] = config.nodes as [(typeof config.nodes)[number]]
  const { node, context } = bench(address)
  node(address).docker.addContainer('kubelet', { Image: 'r/h:v1' }, 'running').startedAt =
    '2026-01-01T12:00:00.5Z'
  const kube = new FakeKube()
  const heartbeat = (time: string): void => kube.putNode(hostname, { heartbeat: Date.parse(time) })
  heartbeat('2026-01-01T11:59:59Z')
  let isOver = false
  const action = { id: 'x', because: [], after: [], interruptible: true } as const
  const run = nodeReady
    .run({ kind: 'node.ready', node: address, hostname, ...action }, { ...context, kube: async () => kube })
    .then(() => {
      isOver = true
    })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(isOver).toBe(false)
  heartbeat('2026-01-01T12:00:00Z')
  await run
})
