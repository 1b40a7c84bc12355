import type { KubeObject } from './kube-object.ts'

/** A kind that a release of Kubernetes no longer serves in some API versions (Kubernetes' deprecation guide). */
export interface RemovedApi {
  readonly kind: string
  /** Minor version of Kubernetes 1 that is the first without. */
  readonly removedIn: number
  readonly apiVersions: readonly string[]
  /** In which version the release before has all objects of the kind. */
  readonly listedAs: string
  /** There is no other version: the objects cannot be reached any more. */
  readonly isLast?: true
}

const removed = (
  removedIn: number,
  apiVersions: readonly string[],
  listedAs: string,
  kinds: readonly string[],
): readonly RemovedApi[] => kinds.map((kind) => ({ kind, removedIn, apiVersions, listedAs }))

const RBAC = 'rbac.authorization.k8s.io'
const ADMISSION = 'admissionregistration.k8s.io'

/** Kinds of which people write manifests. */
const REMOVED_APIS: readonly RemovedApi[] = [
  ...removed(16, ['extensions/v1beta1', 'apps/v1beta1', 'apps/v1beta2'], 'apps/v1', [
    'Deployment',
    'DaemonSet',
    'StatefulSet',
    'ReplicaSet',
  ]),
  ...removed(16, ['extensions/v1beta1'], 'networking.k8s.io/v1', ['NetworkPolicy']),
  ...removed(16, ['extensions/v1beta1'], 'policy/v1beta1', ['PodSecurityPolicy']),
  ...removed(22, ['extensions/v1beta1', 'networking.k8s.io/v1beta1'], 'networking.k8s.io/v1', ['Ingress']),
  ...removed(22, ['networking.k8s.io/v1beta1'], 'networking.k8s.io/v1', ['IngressClass']),
  ...removed(22, [`${ADMISSION}/v1beta1`], `${ADMISSION}/v1`, [
    'MutatingWebhookConfiguration',
    'ValidatingWebhookConfiguration',
  ]),
  ...removed(22, ['apiextensions.k8s.io/v1beta1'], 'apiextensions.k8s.io/v1', ['CustomResourceDefinition']),
  ...removed(22, ['apiregistration.k8s.io/v1beta1'], 'apiregistration.k8s.io/v1', ['APIService']),
  ...removed(22, [`${RBAC}/v1alpha1`, `${RBAC}/v1beta1`], `${RBAC}/v1`, [
    'ClusterRole',
    'ClusterRoleBinding',
    'Role',
    'RoleBinding',
  ]),
  ...removed(22, ['scheduling.k8s.io/v1beta1'], 'scheduling.k8s.io/v1', ['PriorityClass']),
  ...removed(22, ['storage.k8s.io/v1beta1'], 'storage.k8s.io/v1', ['CSIDriver', 'StorageClass']),
  ...removed(25, ['batch/v1beta1'], 'batch/v1', ['CronJob']),
  ...removed(25, ['policy/v1beta1'], 'policy/v1', ['PodDisruptionBudget']),
  ...removed(25, ['node.k8s.io/v1beta1'], 'node.k8s.io/v1', ['RuntimeClass']),
  ...removed(25, ['autoscaling/v2beta1'], 'autoscaling/v2', ['HorizontalPodAutoscaler']),
  {
    kind: 'PodSecurityPolicy',
    removedIn: 25,
    apiVersions: ['policy/v1beta1'],
    listedAs: 'policy/v1beta1',
    isLast: true,
  },
  ...removed(26, ['autoscaling/v2beta2'], 'autoscaling/v2', ['HorizontalPodAutoscaler']),
]

const minorOf = (version: string): number => Number(/^v?1\.(\d+)/.exec(version)?.[1])

/** What is removed on the way from one version of Kubernetes to another; nothing where a version cannot be read. */
export function removedBetween(from: string, to: string): readonly RemovedApi[] {
  return REMOVED_APIS.filter(({ removedIn }) => minorOf(from) < removedIn && removedIn <= minorOf(to))
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * The removed version that an object was written with: by `kubectl apply`, or by whoever else owns fields of it. `undefined` for one that
 * is written with a newer one, and for one of which a controller writes the status alone with it.
 */
export function removedVersionOf(object: KubeObject, { apiVersions }: RemovedApi): string | undefined {
  const { annotations, managedFields } = object.metadata
  const applied = /"apiVersion":"([^"]+)"/.exec(annotations?.[LAST_APPLIED] ?? '')?.[1]
  const written = [applied, ...(managedFields ?? []).filter(writesMore).map(({ apiVersion }) => apiVersion)]
  return written.find((version) => version !== undefined && apiVersions.includes(version))
}

/** A controller that reports the status has no manifest. An API server before v1.18 does not say which fields are owned. */
function writesMore({
  fieldsV1,
}: {
  readonly fieldsV1?: Readonly<Record<string, unknown>> | undefined
}): boolean {
  return fieldsV1 === undefined || Object.keys(fieldsV1).some((field) => field !== 'f:status')
}
