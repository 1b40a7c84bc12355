/** A kind of object that an API server keeps in etcd. */
export interface ServedKind {
  /** `v1`, `apps/v1`. */
  readonly apiVersion: string
  readonly kind: string
  /** With its group: `secrets`, `deployments.apps`. */
  readonly resource: string
}

/** The group of an API version; empty for the core group. */
export const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''

/** The group of a resource that is named with it; empty for the core group. */
export const groupOfResource = (resource: string): string =>
  resource.includes('.') ? resource.slice(resource.indexOf('.') + 1) : ''

/** A resource with its group, as encryption provider files name it. */
export const resourceName = (plural: string, apiVersion: string): string =>
  resourceOfGroup(plural, groupOf(apiVersion))

/** The same with the group alone. */
export const resourceOfGroup = (plural: string, group: string): string =>
  group === '' ? plural : `${plural}.${group}`

/**
 * Whether one of the names in a provider file means a resource: `configmaps`, `widgets.example.com`; `*.` means all of the core
 * group, `*.apps` all of that group, `*.*` all there are
 * ([Encrypting confidential data at rest](https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/)).
 */
export function covers(names: readonly string[], resource: string): boolean {
  return [resource, `*.${groupOfResource(resource)}`, '*.*'].some((name) => names.includes(name))
}

/** Whether one of the names in a provider file can mean a resource of a group. */
export function namesGroup(names: readonly string[], group: string): boolean {
  return names.some((name) => name === '*.*' || groupOfResource(name) === group)
}
