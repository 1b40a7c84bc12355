import {
  AppsV1Api,
  BatchV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  PolicyV1Api,
  RbacAuthorizationV1Api,
} from '@kubernetes/client-node'
import { waitUntil } from '../../testbed/wait-until.ts'

/** The parts of the Kubernetes API that tests ask. */
export interface Kube {
  readonly core: CoreV1Api
  readonly apps: AppsV1Api
  readonly batch: BatchV1Api
  readonly policy: PolicyV1Api
  readonly rbac: RbacAuthorizationV1Api
  readonly custom: CustomObjectsApi
}

export function kubeFrom(kubeconfigPath: string): Kube {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfigPath)
  return {
    core: config.makeApiClient(CoreV1Api),
    apps: config.makeApiClient(AppsV1Api),
    batch: config.makeApiClient(BatchV1Api),
    policy: config.makeApiClient(PolicyV1Api),
    rbac: config.makeApiClient(RbacAuthorizationV1Api),
    custom: config.makeApiClient(CustomObjectsApi),
  }
}

/** Names of the nodes that are Ready, sorted. */
export async function readyNodes({ core }: Kube): Promise<readonly string[]> {
  const { items } = await core.listNode()
  return items
    .filter(({ status }) => status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'))
    .map(({ metadata }) => metadata?.name ?? '')
    .sort()
}

/** Waits until these nodes, and no others, are Ready. An error of `ask` ends the wait at once. */
export async function untilReady(
  names: readonly string[],
  ask: () => Promise<readonly string[]>,
): Promise<void> {
  const wanted = [...names].sort().join(', ')
  await waitUntil(`nodes to be Ready: ${wanted}`, async () => (await ask()).join(', ') === wanted, 90_000)
}

/** Waits until all replicas of a Deployment of kube-system serve. */
export async function deploymentReady({ apps }: Kube, name: string): Promise<void> {
  const namespace = 'kube-system'
  await waitUntil(
    `deployment ${name} to be ready`,
    async () => {
      const { spec, status } = await apps.readNamespacedDeployment({ name, namespace })
      return (status?.readyReplicas ?? 0) >= (spec?.replicas ?? 1)
    },
    120_000,
  )
}

/** `kind/name` of every object of kube-system that somebody asked for, and not a controller, sorted. */
export async function kubeSystemNames({ core, apps, batch }: Kube): Promise<readonly string[]> {
  const of = { namespace: 'kube-system' }
  const lists = await Promise.all([
    named('configmap', core.listNamespacedConfigMap(of)),
    named('secret', core.listNamespacedSecret(of)),
    named('serviceaccount', core.listNamespacedServiceAccount(of)),
    named('service', core.listNamespacedService(of)),
    named('job.batch', batch.listNamespacedJob(of)),
    named('deployment.apps', apps.listNamespacedDeployment(of)),
    named('daemonset.apps', apps.listNamespacedDaemonSet(of)),
  ])
  // The autoscaler writes its own defaults down, as soon as it runs.
  return lists
    .flat()
    .filter((name) => name !== 'configmap/coredns-autoscaler')
    .sort()
}

/** `kind/name` of roles and bindings but for those with `system:`, sorted. */
export async function rbacNames({ rbac }: Kube): Promise<readonly string[]> {
  const of = { namespace: 'kube-system' }
  const group = 'rbac.authorization.k8s.io'
  const lists = await Promise.all([
    named(`clusterrole.${group}`, rbac.listClusterRole()),
    named(`clusterrolebinding.${group}`, rbac.listClusterRoleBinding()),
    named(`role.${group}`, rbac.listNamespacedRole(of)),
    named(`rolebinding.${group}`, rbac.listNamespacedRoleBinding(of)),
  ])
  return lists
    .flat()
    .filter((name) => !name.includes('system:'))
    .sort()
}

interface List {
  readonly items: readonly { readonly metadata?: { readonly name?: string } }[]
}

async function named(kind: string, list: Promise<List>): Promise<readonly string[]> {
  return (await list).items.map(({ metadata }) => `${kind}/${metadata?.name ?? ''}`)
}
