import { describe, expect, it } from 'vitest'
import { moveClusterDns } from '../../../src/kube/drain/cluster-dns.ts'
import { addonsOn, untilAddonsAreBack } from '../../../src/kube/drain/moved-addons.ts'
import type { Deployment, Pod } from '../../../src/kube/objects/kube-object.ts'
import { FakeKube } from '../fakes/fake-kube.ts'

const namespace = 'kube-system'
const READY = { conditions: [{ type: 'Ready', status: 'True' }] }
const UNSCHEDULABLE = { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] }

/** Waits that take no time, and deadlines that are the number of their pauses. */
function instantly() {
  const time = {
    pause: (_ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        setImmediate(() => (signal.aborted ? reject(signal.reason) : resolve()))
      }),
    limit: (ms: number) => AbortSignal.timeout(Math.min(ms, 200)),
  }
  return { time, gracePeriod: -1, deadlineMs: 1000 }
}

function putPod(kube: FakeKube, name: string, app: string, nodeName: string | undefined, status = {}): void {
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { 'k8s-app': app },
      ownerReferences: [{ kind: 'ReplicaSet', name: app, uid: app, controller: true }],
    },
    spec: nodeName === undefined ? {} : { nodeName },
    status,
  }
  kube.put(pod)
}

function putDeployment(kube: FakeKube, name: string, replicas = 1): void {
  const spec = { replicas, selector: { matchLabels: { 'k8s-app': name } } }
  const deployment: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec,
  }
  kube.put(deployment)
}

const secondRef = { apiVersion: 'v1', kind: 'Pod', namespace, name: 'second' }

describe('moving cluster DNS off a node', () => {
  /** Two workers; each server that is evicted comes back elsewhere, Ready after so many looks. */
  function cluster(servers: Readonly<Record<string, string>>, looksUntilReady = 3) {
    const kube = new FakeKube()
    const labels = { 'node-role.kubernetes.io/worker': 'true' }
    for (const node of ['leaving', 'staying']) kube.putNode(node, { labels })
    for (const [name, node] of Object.entries(servers)) putPod(kube, name, 'kube-dns', node, READY)
    const coming = new Map<string, number>()
    kube.onChange = ({ kind, metadata }, change) => {
      if (kind === 'Pod' && change === 'deleted') coming.set(`next-of-${metadata.name}`, looksUntilReady)
    }
    kube.before = ({ verb, object }) => {
      if (verb !== 'list' || object !== 'Pod') return
      for (const [name, looks] of coming) {
        coming.set(name, looks - 1)
        if (looks === looksUntilReady - 1) putPod(kube, name, 'kube-dns', 'staying')
        if (looks === 0) putPod(kube, name, 'kube-dns', 'staying', READY)
      }
    }
    return kube
  }

  const evictions = ({ writes }: FakeKube): readonly string[] =>
    writes.filter((one) => one.startsWith('evict'))

  it('evicts one server after the other, each when another one is Ready', async () => {
    const kube = cluster({ a: 'leaving', b: 'leaving' })
    putDeployment(kube, 'kube-dns', 2)
    const readyBefore: number[] = []
    const evict = kube.evict.bind(kube)
    kube.evict = async (pod) => {
      const ready = (await kube.listPods()).filter(({ status }) => status?.conditions !== undefined)
      readyBefore.push(ready.filter(({ metadata }) => metadata.name !== pod.name).length)
      return evict(pod)
    }
    await moveClusterDns(kube, 'leaving', instantly())
    expect(evictions(kube)).toEqual(['evict Pod kube-system/a', 'evict Pod kube-system/b'])
    expect(Math.min(...readyBefore)).toBeGreaterThan(0)
    expect((await kube.listPods()).map(({ metadata }) => metadata.name)).toEqual(['next-of-a', 'next-of-b'])
  })

  it('evicts none while no other one becomes Ready, and says why that is', async () => {
    const kube = cluster({ a: 'leaving' })
    const waiting = { state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } } }
    putPod(kube, 'b', 'kube-dns', 'staying', { containerStatuses: [{ name: 'c', ...waiting }] })
    await expect(moveClusterDns(kube, 'leaving', instantly())).rejects.toThrow(
      /another server of the cluster DNS to be Ready: .*ImagePullBackOff: no such image/,
    )
    expect(evictions(kube)).toEqual([])
  })

  it('waits with the only one until the autoscaler of a cluster that has grown asks for a second one', async () => {
    const kube = cluster({ a: 'leaving' })
    putDeployment(kube, 'coredns-autoscaler')
    let looks = 0
    const before = kube.before
    kube.before = (call) => {
      before?.(call)
      if (call.verb === 'evict') expect(kube.peek(secondRef)).toMatchObject({ status: READY })
      if (call.verb === 'list') looks += 1
      if (looks === 8) putDeployment(kube, 'kube-dns', 2)
      if (looks === 10) putPod(kube, 'second', 'kube-dns', 'staying')
      if (looks === 14) putPod(kube, 'second', 'kube-dns', 'staying', READY)
    }
    await moveClusterDns(kube, 'leaving', instantly())
    expect(evictions(kube)).toEqual(['evict Pod kube-system/a'])
  })

  it('counts those that are to be, as one that takes the place of another is not there at once', async () => {
    const kube = cluster({ a: 'leaving', b: 'also-leaving' }, 9)
    putDeployment(kube, 'kube-dns', 2)
    await moveClusterDns(kube, 'leaving', instantly())
    expect(kube.peek({ ...secondRef, name: 'next-of-a' })).toMatchObject({ status: READY })
  })

  it('has one that a dead node keeps replaced first, so that somebody answers all the time', async () => {
    const kube = cluster({ a: 'leaving' })
    kube.putNode('dead', { ready: false })
    putPod(kube, 'lost', 'kube-dns', 'dead')
    await moveClusterDns(kube, 'leaving', instantly())
    expect(kube.writes).toEqual(['delete Pod kube-system/lost', 'evict Pod kube-system/a'])
  })

  it('evicts first what serves nobody, as all servers of a machine that has died, and waits for no other one', async () => {
    const kube = cluster({ a: 'leaving', b: 'leaving', c: 'leaving' })
    putDeployment(kube, 'kube-dns', 3)
    putPod(kube, 'b', 'kube-dns', 'leaving')
    putPod(kube, 'c', 'kube-dns', 'leaving')
    await moveClusterDns(kube, 'leaving', instantly())
    expect(evictions(kube).map((one) => one.slice(-1))).toEqual(['b', 'c', 'a'])
    putPod(kube, 'd', 'kube-dns', 'leaving')
    await moveClusterDns(kube, 'leaving', instantly())
    expect(evictions(kube)).toHaveLength(4)
  })

  it('moves the only one, and waits until the next one is Ready', async () => {
    const kube = cluster({ a: 'leaving' })
    await moveClusterDns(kube, 'leaving', instantly())
    const [next] = await kube.listPods()
    expect(next).toMatchObject({ metadata: { name: 'next-of-a' }, status: READY })
  })

  it('leaves it where it is if no other worker takes pods', async () => {
    const kube = cluster({ a: 'leaving', b: 'leaving' })
    kube.putNode('staying', { unschedulable: true })
    await moveClusterDns(kube, 'leaving', instantly())
    expect(evictions(kube)).toEqual([])
  })
})

describe('addons that are moved off a node', () => {
  it('are those of which all pods were Ready, one of them there', async () => {
    const kube = new FakeKube()
    for (const name of ['metrics-server', 'elsewhere', 'broken']) putDeployment(kube, name)
    putPod(kube, 'm', 'metrics-server', 'leaving', READY)
    putPod(kube, 'e', 'elsewhere', 'staying', READY)
    putPod(kube, 'b', 'broken', 'leaving')
    const found = await addonsOn(kube, 'leaving')
    expect(found.map(({ metadata }) => metadata.name)).toEqual(['metrics-server'])
  })

  it('are waited for until all their pods are Ready again', async () => {
    const kube = new FakeKube()
    putDeployment(kube, 'metrics-server')
    const addons = [...(await kube.list<Deployment>({ apiVersion: 'apps/v1', kind: 'Deployment' }))]
    let looks = 0
    kube.before = ({ object }) => {
      if (object === 'Pod' && ++looks === 5) putPod(kube, 'm', 'metrics-server', 'staying', READY)
    }
    await untilAddonsAreBack(kube, addons, instantly())
    expect(looks).toBe(5)
  })

  it('are not waited for where no node has room for them, or if they are gone', async () => {
    const kube = new FakeKube()
    putDeployment(kube, 'metrics-server')
    const [addon] = await kube.list<Deployment>({ apiVersion: 'apps/v1', kind: 'Deployment' })
    if (addon === undefined) throw new TypeError('no addon')
    putPod(kube, 'm', 'metrics-server', undefined, UNSCHEDULABLE)
    await untilAddonsAreBack(kube, [addon], instantly())
    kube.drop({ apiVersion: 'v1', kind: 'Pod', namespace, name: 'm' })
    kube.drop({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'metrics-server' })
    await untilAddonsAreBack(kube, [addon], instantly())
  })

  it('stop the drain if they do not come back, with their names and the reason', async () => {
    const kube = new FakeKube()
    putDeployment(kube, 'metrics-server')
    putPod(kube, 'm', 'metrics-server', 'staying', {
      containerStatuses: [{ name: 'c', state: { waiting: { reason: 'ErrImagePull' } } }],
    })
    const addons = await kube.list<Deployment>({ apiVersion: 'apps/v1', kind: 'Deployment' })
    await expect(untilAddonsAreBack(kube, addons, instantly())).rejects.toMatchObject({
      name: 'DeadlineError',
      message: expect.stringContaining('addon metrics-server to be Ready elsewhere: '),
      hint: expect.stringContaining('kubectl -n kube-system describe deployment metrics-server'),
    })
  })
})
