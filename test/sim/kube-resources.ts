/** One kind of the simulated API. */
export interface Resource {
  readonly apiVersion: string
  readonly plural: string
  readonly kind: string
  readonly namespaced: boolean
}

const RBAC = 'rbac.authorization.k8s.io/v1'
const TABLE: readonly (readonly [
  apiVersion: string,
  plural: string,
  kind: string,
  scope: 'namespaced' | 'cluster',
])[] = [
  ['v1', 'configmaps', 'ConfigMap', 'namespaced'],
  ['v1', 'namespaces', 'Namespace', 'cluster'],
  ['v1', 'nodes', 'Node', 'cluster'],
  ['v1', 'pods', 'Pod', 'namespaced'],
  ['v1', 'secrets', 'Secret', 'namespaced'],
  ['v1', 'services', 'Service', 'namespaced'],
  ['v1', 'serviceaccounts', 'ServiceAccount', 'namespaced'],
  ['apiregistration.k8s.io/v1', 'apiservices', 'APIService', 'cluster'],
  ['apps/v1', 'daemonsets', 'DaemonSet', 'namespaced'],
  ['apps/v1', 'replicasets', 'ReplicaSet', 'namespaced'],
  ['apps/v1', 'statefulsets', 'StatefulSet', 'namespaced'],
  ['apps/v1', 'deployments', 'Deployment', 'namespaced'],
  ['authentication.k8s.io/v1', 'tokenreviews', 'TokenReview', 'cluster'],
  ['batch/v1', 'jobs', 'Job', 'namespaced'],
  ['coordination.k8s.io/v1', 'leases', 'Lease', 'namespaced'],
  ['networking.istio.io/v1', 'sidecars', 'Sidecar', 'namespaced'],
  ['networking.istio.io/v1alpha3', 'sidecars', 'Sidecar', 'namespaced'],
  ['networking.istio.io/v1alpha3', 'envoyfilters', 'EnvoyFilter', 'namespaced'],
  [RBAC, 'clusterroles', 'ClusterRole', 'cluster'],
  [RBAC, 'clusterrolebindings', 'ClusterRoleBinding', 'cluster'],
  [RBAC, 'roles', 'Role', 'namespaced'],
  [RBAC, 'rolebindings', 'RoleBinding', 'namespaced'],
]

export const RESOURCES: readonly Resource[] = TABLE.map(([apiVersion, plural, kind, scope]) => ({
  apiVersion,
  plural,
  kind,
  namespaced: scope === 'namespaced',
}))

export interface ResourcePath {
  readonly resource: Resource
  readonly namespace?: string
  readonly name?: string
  readonly subresource?: string
}

/** Takes a path of the API apart; `undefined` if it names no resource. */
export function parsePath(path: string): ResourcePath | undefined {
  const found =
    /^\/(?:api\/(v1)|apis\/([^/]+\/[^/]+))(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(
      path,
    )
  if (found === null) return undefined
  const [, core, group, namespace, plural, name, subresource] = found
  const apiVersion = core ?? group
  const resource = RESOURCES.find((known) => known.apiVersion === apiVersion && known.plural === plural)
  if (resource === undefined) return undefined
  return {
    resource,
    ...(namespace !== undefined && { namespace: decodeURIComponent(namespace) }),
    ...(name !== undefined && { name: decodeURIComponent(name) }),
    ...(subresource !== undefined && { subresource }),
  }
}
