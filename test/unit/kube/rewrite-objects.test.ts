import { expect, it } from 'vitest'
import { ApiError } from '../../../src/kube/client/api-error.ts'
import type { KubeSecret } from '../../../src/kube/objects/kube-object.ts'
import { rewriteObjects } from '../../../src/kube/tasks/rewrite-objects.ts'
import { FakeKube } from '../fakes/fake-kube.ts'

const SECRETS = { apiVersion: 'v1', kind: 'Secret' }

function withSecrets(count: number): FakeKube {
  const kube = new FakeKube()
  for (let i = 0; i < count; i++) {
    const metadata = { namespace: 'default', name: `s${i}` }
    const secret: KubeSecret = { apiVersion: 'v1', kind: 'Secret', metadata, data: { a: 'eA==' } }
    kube.put(secret)
  }
  return kube
}

it('every Secret of every page is written once', async () => {
  const kube = withSecrets(7)
  const told: number[] = []
  expect(await rewriteObjects(kube, [SECRETS], { pageSize: 3, onProgress: (_kind, n) => told.push(n) })).toBe(
    7,
  )
  expect(new Set(kube.writes).size).toBe(7)
  expect(told).toEqual([3, 6, 7])
})

it('a Secret that somebody changed meanwhile is read and written again, one that vanished is done', async () => {
  const kube = withSecrets(3)
  let conflicts = 1
  kube.before = ({ verb, object }) => {
    if (verb === 'replace' && object.endsWith('s0') && conflicts-- > 0) {
      throw new ApiError('modified', { status: 409, reason: 'Conflict' })
    }
    if (verb === 'replace' && object.endsWith('s1'))
      throw new ApiError('gone', { status: 404, reason: 'NotFound' })
  }
  expect(await rewriteObjects(kube, [SECRETS])).toBe(3)
  expect(kube.writes.filter((write) => write.endsWith('s0'))).toHaveLength(2)
})

it('a list that expired halfway is begun again, past what is done', async () => {
  const kube = withSecrets(4)
  let lists = 0
  kube.before = ({ verb }) => {
    if (verb === 'list' && ++lists === 2) throw new ApiError('expired', { status: 410, reason: 'Expired' })
  }
  expect(await rewriteObjects(kube, [SECRETS], { pageSize: 2 })).toBe(4)
  expect(kube.writes).toHaveLength(4)
})

it('failures are told after all Secrets were tried', async () => {
  const kube = withSecrets(4)
  kube.before = ({ verb, object }) => {
    if (verb === 'replace' && object.endsWith('s1')) throw new ApiError('no', { status: 500 })
  }
  await expect(rewriteObjects(kube, [SECRETS])).rejects.toThrow('1 of 4 objects could not be written anew')
  expect(kube.writes).toHaveLength(4)
})
