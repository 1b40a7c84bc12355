import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../src/kube/client/api-error.ts'
import { isBarrier, raiseBarrier, removeBarrier } from '../../../src/kube/drain/barrier.ts'
import { drain } from '../../../src/kube/drain/drain.ts'
import type { Pod } from '../../../src/kube/objects/kube-object.ts'
import { FakeKube } from '../fakes/fake-kube.ts'

const NAME = 'rke-keeps-pods-off-worker-1'
const REF = { apiVersion: 'v1', kind: 'Pod', namespace: 'kube-system', name: NAME }

describe('the barrier of a node that leaves', () => {
  it('is a pod on it that refuses every other pod, and that nothing can take the place of', async () => {
    const kube = new FakeKube()
    expect(await raiseBarrier(kube, 'worker-1', 'pause:1')).toBe(true)
    expect(kube.peek(REF)).toMatchObject({
      spec: {
        nodeName: 'worker-1',
        priorityClassName: 'system-node-critical',
        tolerations: [{ operator: 'Exists' }],
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: 'kubernetes.io/hostname', labelSelector: {}, namespaceSelector: {} },
            ],
          },
        },
        containers: [{ image: 'pause:1' }],
      },
    })
  })

  it('is raised once, and again where it has failed', async () => {
    const kube = new FakeKube()
    await raiseBarrier(kube, 'worker-1', 'pause:1')
    await raiseBarrier(kube, 'worker-1', 'pause:1')
    expect(kube.writes.filter((write) => write.startsWith('create'))).toHaveLength(1)
    const pod = kube.peek<Pod>(REF)
    if (pod !== undefined) kube.put({ ...pod, status: { phase: 'Failed' } } as Pod)
    await raiseBarrier(kube, 'worker-1', 'pause:1')
    expect(kube.peek<Pod>(REF)?.status).toBeUndefined()
  })

  it('is done without where a policy of the cluster forbids it, and only there', async () => {
    const kube = new FakeKube()
    const answer = (status: number) => {
      kube.before = ({ verb }) => {
        if (verb === 'create') throw new ApiError('no', { status, reason: 'x' })
      }
    }
    answer(403)
    expect(await raiseBarrier(kube, 'worker-1', 'pause:1')).toBe(false)
    answer(500)
    await expect(raiseBarrier(kube, 'worker-1', 'pause:1')).rejects.toThrow('no')
  })

  it('is no pod that a drain moves away, and can be removed twice', async () => {
    const kube = new FakeKube()
    await raiseBarrier(kube, 'worker-1', 'pause:1')
    const options = {
      force: false,
      ignoreDaemonSets: true,
      deleteLocalData: false,
      leaves: true,
      gracePeriod: -1,
    }
    await drain(kube, 'worker-1', { ...options, deadlineMs: 1000 })
    expect((await kube.listPods()).filter(isBarrier)).toHaveLength(1)
    await removeBarrier(kube, 'worker-1')
    await removeBarrier(kube, 'worker-1')
    expect(await kube.listPods()).toEqual([])
  })
})
