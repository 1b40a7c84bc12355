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
    const byWorth = [...pods].sort((a, b) => Number(isReady(b)) - Number(isReady(a)))
    for (const pod of byWorth.slice(wanted)) store.delete(refOf(pod))
  }
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
