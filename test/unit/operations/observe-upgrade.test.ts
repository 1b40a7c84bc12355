import { expect, test } from 'vitest'
import { observeApi } from '../../../src/session/prepare/observe-parts.ts'
import { FakeKube } from '../fakes/fake-kube.ts'
import { config } from '../fixture.ts'
import { quiet } from '../plan/support.ts'

test('Kubernetes is seen also where a list fails of what an upgrade removes, and a warning says so', async () => {
  const kube = new FakeKube()
  kube.serverVersion = 'v1.21.14'
  kube.before = ({ verb, object }) => {
    if (verb === 'list' && object === 'StorageClass') throw new Error('too many requests')
  }
  const texts: string[] = []
  const seen = await observeApi(
    { ...config, kubernetesVersion: 'v1.22.17-rancher1-2' },
    quiet().seen.machines,
    async () => kube,
    [],
    (event) => event.type === 'notice' && texts.push(event.text),
    new AbortController().signal,
  )
  expect(seen).toMatchObject({ version: 'v1.21.14', removed: [] })
  expect(texts).toEqual([
    'objects that v1.22.17-rancher1-2 does not serve any more cannot be listed: too many requests',
  ])
})
