import type { ObjectRef } from '../objects/kube-object.ts'

/** How a kind appears in the API's paths. */
export interface Resource {
  readonly plural: string
  readonly namespaced: boolean
}

const inNamespace = (plural: string): Resource => ({ plural, namespaced: true })
const clusterWide = (plural: string): Resource => ({ plural, namespaced: false })

/** The kinds that this program handles itself; others are looked up in the API's discovery. */
const KNOWN: Readonly<Record<string, Resource>> = {
  'v1/ConfigMap': inNamespace('configmaps'),
  'v1/Namespace': clusterWide('namespaces'),
  'v1/Node': clusterWide('nodes'),
  'v1/Pod': inNamespace('pods'),
  'v1/Secret': inNamespace('secrets'),
  'v1/Service': inNamespace('services'),
  'v1/ServiceAccount': inNamespace('serviceaccounts'),
  'apps/v1/DaemonSet': inNamespace('daemonsets'),
  'apps/v1/Deployment': inNamespace('deployments'),
  'batch/v1/Job': inNamespace('jobs'),
  'coordination.k8s.io/v1/Lease': inNamespace('leases'),
  'coordination.k8s.io/v1beta1/Lease': inNamespace('leases'),
  'rbac.authorization.k8s.io/v1/ClusterRole': clusterWide('clusterroles'),
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': clusterWide('clusterrolebindings'),
  'rbac.authorization.k8s.io/v1/Role': inNamespace('roles'),
  'rbac.authorization.k8s.io/v1/RoleBinding': inNamespace('rolebindings'),
}

export function knownResource(apiVersion: string, kind: string): Resource | undefined {
  return KNOWN[`${apiVersion}/${kind}`]
}

/** `/api/v1` for the core group, `/apis/<group>/<version>` for the others. */
export function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
}

/** The path of a collection, or of one object if there is a name. A namespaced kind without namespace: all. */
export function resourcePath(
  resource: Resource,
  { apiVersion, namespace, name }: Pick<ObjectRef, 'apiVersion' | 'namespace'> & { readonly name?: string },
): string {
  const scope =
    resource.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : ''
  const last = name === undefined ? '' : `/${encodeURIComponent(name)}`
  return `${groupPath(apiVersion)}${scope}/${resource.plural}${last}`
}
