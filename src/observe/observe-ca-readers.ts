import type { KubeApi } from '../kube/client/kube-api.ts'
import { type CaChange, type CaObjects, type CaReaders, caReaders } from '../kube/objects/ca-readers.ts'
import type { ConfigMap } from '../kube/objects/kube-object.ts'
import type { Workload } from '../kube/objects/rolled-out.ts'
import { ROOT_CAS } from '../kube/objects/root-ca.ts'
import { tokenSecrets } from '../kube/tasks/root-ca.ts'

const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const

/** Who in the cluster trusts only what the CA of the API was before. */
export async function observeCaReaders(
  kube: KubeApi,
  change: CaChange,
  signal?: AbortSignal,
): Promise<CaReaders> {
  return caReaders(await observeCaObjects(kube, signal), change)
}

/** All objects by which those are known who trust the CA of the API. */
export async function observeCaObjects(kube: KubeApi, signal?: AbortSignal): Promise<CaObjects> {
  const apps = { apiVersion: 'apps/v1' }
  const [rootCas, secrets, pods, replicaSets, ...workloads] = await Promise.all([
    kube.list<ConfigMap>(ROOT_CAS, signal),
    tokenSecrets(kube, signal),
    kube.listPods({}, signal),
    kube.list({ ...apps, kind: 'ReplicaSet' }, signal),
    ...KINDS.map((kind) => kube.list<Workload>({ ...apps, kind }, signal)),
  ])
  return { rootCas, tokenSecrets: secrets, pods, replicaSets, workloads: workloads.flat() }
}
