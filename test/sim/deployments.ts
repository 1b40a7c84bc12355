import { isDeepStrictEqual } from 'node:util'
import type { Deployment, KubeObject, Pod } from '../../src/kube/objects/kube-object.ts'
import { refOf } from '../../src/kube/objects/kube-object.ts'
import { isRecord } from './http.ts'
import type { KubeStore } from './kube-store.ts'

/** Makes the pods of Deployments, and takes those away that are too many: first what is not Ready, then the newest. */
export function stepDeployments(store: KubeStore): void {
  for (const deployment of store.list('apps/v1', 'Deployment') as readonly Deployment[]) {
    const wanted = deployment.spec?.replicas ?? 1
    const pods = podsOf(store, deployment)
    for (let missing = wanted - pods.length; missing > 0; missing--) store.create(podOf(store, deployment))
    rollOut(store, deployment, podsOf(store, deployment))
    const byWorth = [...pods].sort((a, b) => Number(isReady(b)) - Number(isReady(a)))
    for (const pod of byWorth.slice(wanted)) store.delete(refOf(pod))
  }
}

/** Replaces pods that have not the template's annotations, one at a time, and counts those that have. */
function rollOut(store: KubeStore, deployment: Deployment, pods: readonly Pod[]): void {
  const template: unknown = Reflect.get(deployment.spec ?? {}, 'template')
  const wanted = isRecord(template) && isRecord(template.metadata) ? template.metadata.annotations : undefined
  const isNew = ({ metadata }: Pod): boolean => isDeepStrictEqual(metadata.annotations, wanted)
  const old = pods.filter((pod) => !isNew(pod))
  if (old[0] !== undefined && pods.every(isReady)) store.delete(refOf(old[0]))
  if (wanted === undefined) return
  const replicas = deployment.spec?.replicas ?? 1
  const updatedReplicas = pods.filter(isNew).length
  const availableReplicas = pods.filter(isReady).length
  store.replace({ ...deployment, status: { replicas, updatedReplicas, availableReplicas } } as KubeObject)
}

export function podsOf(store: KubeStore, { metadata }: KubeObject): readonly Pod[] {
  const pods = store.list('v1', 'Pod', metadata.namespace) as readonly Pod[]
  return pods.filter((pod) => pod.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid))
}

export function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false
}

function podOf(store: KubeStore, { metadata, spec }: Deployment): KubeObject {
  const template: unknown = Reflect.get(spec ?? {}, 'template')
  const { metadata: labelled, spec: podSpec } = isRecord(template) ? template : {}
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(isRecord(labelled) ? labelled : {}),
      name: `${metadata.name}-${store.revision}`,
      namespace: metadata.namespace,
      // Of a ReplicaSet between, which is not played.
      ownerReferences: [
        { kind: 'ReplicaSet', name: metadata.name, uid: metadata.uid ?? '', controller: true },
      ],
    },
    spec: podSpec,
    status: { phase: 'Pending' },
  } as KubeObject
}
