import type { KubeObject, Pod } from '../../src/kube/objects/kube-object.ts'
import { isReady } from './deployments.ts'
import type { KubeStore } from './kube-store.ts'
import type { SimWorld } from './sim-world.ts'

const EVERYTHING = [{ operator: 'Exists' }]
const ON_WORKERS = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: 'node-role.kubernetes.io/worker', operator: 'Exists' }] },
      ],
    },
  },
}

/** Cluster DNS as RKE has it: it tolerates everything, and wants workers. */
export const dns = (replicas: number): KubeObject =>
  deployment('coredns', 'kube-system', replicas, { 'k8s-app': 'kube-dns' }, ON_WORKERS)

/** Some agent of a user that tolerates everything, wherever it is. */
export const agent: KubeObject = deployment('agent', 'default', 2, { app: 'agent' }, {})

function deployment(
  name: string,
  namespace: string,
  replicas: number,
  labels: Readonly<Record<string, string>>,
  affinity: object,
): KubeObject & { readonly spec: object } {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { tolerations: EVERYTHING, affinity } },
    },
  }
}

export function dnsPods(store: KubeStore): readonly Pod[] {
  const pods = store.list('v1', 'Pod', 'kube-system') as readonly Pod[]
  return pods.filter(({ metadata }) => metadata.labels?.['k8s-app'] === 'kube-dns')
}

/** Whether some pod of the cluster DNS is asked and answers: it is Ready, and its container runs. */
export function hasDns({ machines }: SimWorld, store: KubeStore): boolean {
  return dnsPods(store).some(
    (pod) =>
      isReady(pod) &&
      machines.some(({ docker }) =>
        docker.containers.some(
          ({ spec, status }) =>
            spec.Labels?.['io.kubernetes.pod.uid'] === pod.metadata.uid && status === 'running',
        ),
      ),
  )
}
