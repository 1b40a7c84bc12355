import { describe, expect, it } from 'vitest'
import { type DrainOptions, drain } from '../../../src/kube/drain/drain.ts'
import type { Pod } from '../../../src/kube/objects/kube-object.ts'
import { FakeKube } from '../fakes/fake-kube.ts'

const defaults: DrainOptions = {
  force: false,
  ignoreDaemonSets: true,
  deleteLocalData: false,
  leaves: false,
  gracePeriod: -1,
  deadlineMs: 3_000,
}

function putPod(
  kube: FakeKube,
  name: string,
  {
    owner = 'ReplicaSet',
    node = 'n',
    phase = 'Running',
    emptyDir = false,
    mirror = false,
    labels = {},
    namespace = 'default',
    tolerations = [],
  }: {
    owner?: string
    node?: string
    phase?: string
    emptyDir?: boolean
    mirror?: boolean
    labels?: Record<string, string>
    namespace?: string
    tolerations?: NonNullable<Pod['spec']>['tolerations']
  } = {},
): void {
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels,
      ...(owner === ''
        ? {}
        : { ownerReferences: [{ kind: owner, name: 'o', uid: `of ${name}`, controller: true }] }),
      ...(mirror ? { annotations: { 'kubernetes.io/config.mirror': 'x' } } : {}),
    },
    spec: { nodeName: node, tolerations, ...(emptyDir ? { volumes: [{ name: 'v', emptyDir: {} }] } : {}) },
    status: { phase },
  }
  kube.put(pod)
}

const second = (number: number): string => `2026-01-01T00:00:${number}.000000Z`

describe('draining a node', () => {
  it('evicts its pods, but not those of DaemonSets, of static manifests and of other nodes', async () => {
    const kube = new FakeKube()
    putPod(kube, 'web')
    putPod(kube, 'elsewhere', { node: 'other' })
    putPod(kube, 'flannel', { owner: 'DaemonSet' })
    putPod(kube, 'static', { owner: 'Node', mirror: true })
    putPod(kube, 'done', { owner: '', phase: 'Succeeded' })
    await drain(kube, 'n', defaults)
    expect(kube.writes).toEqual(['evict Pod default/web', 'evict Pod default/done'])
  })

  it('refuses before the first eviction, naming every pod that forbids it', async () => {
    const kube = new FakeKube()
    putPod(kube, 'web')
    putPod(kube, 'naked', { owner: '' })
    putPod(kube, 'cache', { emptyDir: true })
    await expect(drain(kube, 'n', defaults)).rejects.toThrow(
      'default/naked (nothing would make it again), default/cache (its emptyDir volume would be lost)',
    )
    expect(kube.writes).toEqual([])
    await drain(kube, 'n', { ...defaults, force: true, deleteLocalData: true })
    expect(kube.writes).toHaveLength(3)
  })

  it('takes the scratch folder of the metrics-server that comes with every cluster for none', async () => {
    const kube = new FakeKube()
    const labels = { 'k8s-app': 'metrics-server' }
    putPod(kube, 'metrics-server', { emptyDir: true, namespace: 'kube-system', labels })
    await drain(kube, 'n', defaults)
    expect(kube.writes).toEqual(['evict Pod kube-system/metrics-server'])
    putPod(kube, 'copy', { emptyDir: true, labels })
    await expect(drain(kube, 'n', defaults)).rejects.toThrow('default/copy')
  })

  it('waits for a disruption budget', async () => {
    const kube = new FakeKube()
    putPod(kube, 'web')
    kube.protectedPods.add('default/web')
    setTimeout(() => kube.protectedPods.clear(), 100)
    await drain(kube, 'n', defaults)
    expect(kube.writes).toEqual(['evict Pod default/web', 'evict Pod default/web'])
  })

  it('evicts what comes meanwhile, but not for ever what its controller puts there again', async () => {
    const kube = new FakeKube()
    putPod(kube, 'web')
    putPod(kube, 'pinned')
    let late = 0
    kube.onChange = ({ metadata }, change) => {
      if (change !== 'deleted') return
      if (metadata.name === 'web') putPod(kube, 'late')
      if (metadata.name === 'pinned' && ++late < 10) putPod(kube, 'pinned')
    }
    await drain(kube, 'n', defaults)
    expect(kube.writes).toEqual(['web', 'pinned', 'late'].map((name) => `evict Pod default/${name}`))
  })

  it('leaves cluster DNS that a cordon does not keep off where it is, on a node that stays', async () => {
    const kube = new FakeKube()
    const dns = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } }
    putPod(kube, 'coredns', { ...dns, tolerations: [{ effect: 'NoSchedule' }] })
    putPod(kube, 'kept-off', { ...dns, tolerations: [{ key: 'CriticalAddonsOnly' }] })
    await drain(kube, 'n', defaults)
    expect(kube.writes).toEqual(['evict Pod kube-system/kept-off'])
    await drain(kube, 'n', { ...defaults, leaves: true })
    expect(kube.writes).toContain('evict Pod kube-system/coredns')
  })

  it('evicts nothing until a controller manager leads and is at work: it takes the pods out of Services', async () => {
    const kube = new FakeKube()
    putPod(kube, 'web')
    const lease = (holderIdentity: string, renewed: number): void => {
      const spec = { holderIdentity, acquireTime: second(20), renewTime: second(renewed) }
      const metadata = { name: 'kube-controller-manager', namespace: 'kube-system' }
      const object = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec }
      kube.put(object)
    }
    // The last renewal of one that has ended; then somebody else takes over, begins, and is at work.
    const looks = [() => lease('gone', 40), () => {}, () => lease('next', 21), () => lease('next', 23)]
    const evictedBefore: string[][] = []
    kube.before = ({ verb, object }) => {
      if (verb !== 'read' || !object.startsWith('Lease')) return
      evictedBefore.push([...kube.writes])
      const change = looks.shift() ?? (() => lease('next', 30))
      change()
    }
    await drain(kube, 'n', {
      ...defaults,
      before: async (leader) => {
        expect(leader).toBe('next')
        evictedBefore.push([...kube.writes])
      },
    })
    expect(evictedBefore).toEqual([[], [], [], [], [], []])
    expect(kube.writes).toEqual(['evict Pod default/web'])
  })

  it('fails at its deadline with the pods that are still there', async () => {
    const kube = new FakeKube()
    putPod(kube, 'web')
    putPod(kube, 'quick')
    kube.protectedPods.add('default/web')
    await expect(drain(kube, 'n', { ...defaults, deadlineMs: 50 })).rejects.toMatchObject({
      name: 'DeadlineError',
      message: 'it was not done in time; still there: default/web',
    })
  })
})
