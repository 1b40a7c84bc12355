import { expect, test } from 'vitest'
import { ConnectionError, DockerError } from '../../../src/errors.ts'
import type { PathStat } from '../../../src/node/docker/docker-api.ts'
import { observeRecurring } from '../../../src/observe/observe-recurring.ts'
import { FakeNode } from '../fakes/fake-node.ts'
import { desiredNodes } from '../fixture.ts'
import { inspectOf } from '../plan/support.ts'

const spec = desiredNodes
  .flatMap(({ containers }) => containers)
  .find(({ name }) => name === 'etcd-rolling-snapshots')
if (spec === undefined) throw new TypeError('no recurring snapshots')
const inspect = inspectOf(spec)
const container = { ...inspect, State: { ...inspect.State, StartedAt: '2026-01-01T00:00:00Z' } }
const NOW = { SystemTime: '2026-01-03T00:00:00Z' }

function observed(statOf: () => Promise<PathStat | undefined>, found = true) {
  const node = new FakeNode('10.0.0.1')
  node.docker.statOf = statOf
  return observeRecurring(node, found ? container : undefined, NOW)
}

test('the ages of container and folder go by the clock of the node', async () => {
  const folder = { mode: 0o755, modified: new Date('2026-01-02T22:00:00Z') }
  expect(await observed(async () => folder)).toEqual({ runsMs: 48 * 3_600_000, unchangedMs: 2 * 3_600_000 })
})

test('a node without the container, or without the folder, says nothing', async () => {
  expect(await observed(() => Promise.reject(new DockerError('never asked')), false)).toBeUndefined()
  expect(await observed(async () => undefined)).toBeUndefined()
})

test('a container that Docker cannot show files of stops no run; a lost connection does', async () => {
  expect(await observed(() => Promise.reject(new DockerError('the container is dead')))).toBeUndefined()
  await expect(observed(() => Promise.reject(new ConnectionError('closed', 'lost')))).rejects.toThrow('lost')
})
