import { expect, test } from 'vitest'
import type { KubeObject, ObjectRef, Pod } from '../../../src/kube/objects/kube-object.ts'
import { restartWorkload } from '../../../src/kube/tasks/restart-workload.ts'
import { FakeKube } from '../fakes/fake-kube.ts'

const MARK = '2026-01-01T00:00:00Z'
const labels = { 'k8s-app': 'canal' }
const RESTARTED = 'kubectl.kubernetes.io/restartedAt'

const node = (name: string, status: string): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    status: { conditions: [{ type: 'Ready', status }] },
  }) as KubeObject
const pod = (name: string, nodeName: string, mark: string, ending = false): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    namespace: 'kube-system',
    name,
    labels,
    annotations: { [RESTARTED]: mark },
    ...(ending && { deletionTimestamp: MARK }),
  },
  spec: { nodeName },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
})

/** Controllers as they are with a Node that is not Ready: no pod is replaced until somebody deletes it. */
class Stuck extends FakeKube {
  readonly deleted: string[] = []

  override async delete(ref: ObjectRef): Promise<void> {
    this.deleted.push(ref.name)
    await super.delete(ref)
    const on = ref.name.slice(-1)
    if (on !== 'c') this.put(pod(`new-${on}`, on, MARK))
  }
}

function cluster(kind: string, status: object, ...pods: readonly Pod[]): Stuck {
  const kube = new Stuck()
  for (const object of [node('a', 'True'), node('b', 'True'), node('c', 'Unknown'), ...pods]) kube.put(object)
  const metadata = { namespace: 'kube-system', name: 'canal', generation: 1 }
  const spec = { replicas: 1, selector: { matchLabels: labels } }
  kube.put({ apiVersion: 'apps/v1', kind, metadata, spec, status } as KubeObject)
  return kube
}
const restart = (kube: Stuck, kind: string) =>
  restartWorkload(
    kube,
    {
      workload: { apiVersion: 'apps/v1', kind, namespace: 'kube-system', name: 'canal' },
      mark: MARK,
      isAddon: true,
    },
    {},
  )

test('a DaemonSet of the cluster is restarted on all Nodes but the one that is not Ready, one pod after the other', async () => {
  const old = ['a', 'b', 'c'].map((name) => pod(`old-${name}`, name, ''))
  const status = {
    observedGeneration: 1,
    desiredNumberScheduled: 3,
    updatedNumberScheduled: 0,
    numberAvailable: 2,
  }
  const kube = cluster('DaemonSet', status, ...old)
  await restart(kube, 'DaemonSet')
  expect(kube.deleted).toEqual(['old-a', 'old-b'])
})

test('a Deployment does not wait for a pod that should end on a Node that is not Ready', async () => {
  const kube = cluster('Deployment', { observedGeneration: 1 }, pod('old-c', 'c', '', true))
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'kube-system', name: 'canal' }
  const serving = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 }
  kube.onChange = (object, change) => {
    if (object.kind === 'Pod' && change === 'deleted') void kube.patch(ref, { status: serving })
  }
  await restart(kube, 'Deployment')
  expect(kube.deleted).toEqual(['old-c'])
})

test('nor for a new one that is bound to such a Node, and its old ones serve meanwhile', async () => {
  const kube = cluster(
    'Deployment',
    { observedGeneration: 1 },
    pod('old-a', 'a', ''),
    pod('new-c', 'c', MARK),
  )
  await restart(kube, 'Deployment')
  expect(kube.deleted).toEqual([])
})
