import { groupOfResource } from './resource-names.ts'

/** Groups whose objects lie below the name of their resource alone; those of others are below that of their group, too. */
const BUILT_IN: ReadonlySet<string> = new Set([
  '',
  'apps',
  'extensions',
  'autoscaling',
  'batch',
  'policy',
  'admissionregistration.k8s.io',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
])

/** Resources that lie somewhere else for historical reasons (`SpecialDefaultResourcePrefixes` of kube-apiserver). */
const ELSEWHERE: Readonly<Record<string, string>> = {
  replicationcontrollers: 'controllers',
  endpoints: 'services/endpoints',
  nodes: 'minions',
  services: 'services/specs',
  'ingresses.extensions': 'ingress',
  'ingresses.networking.k8s.io': 'ingress',
  'podsecuritypolicies.extensions': 'podsecuritypolicy',
  'podsecuritypolicies.policy': 'podsecuritypolicy',
  'events.events.k8s.io': 'events',
}

/**
 * Where an API server keeps the objects of a resource, named with its group, in etcd, below its prefix: `secrets/`,
 * `example.com/widgets/`.
 */
export function etcdFolder(resource: string): string {
  const group = groupOfResource(resource)
  const plural = resource.split('.', 1)[0] ?? ''
  const folder = ELSEWHERE[resource] ?? plural
  return BUILT_IN.has(group) ? `${folder}/` : `${group}/${folder}/`
}

/** Whether a resource is kept in the place of one of these: events of both groups are in one. */
export const isKeptAmong = (resources: readonly string[], resource: string): boolean =>
  resources.some((one) => etcdFolder(one) === etcdFolder(resource))
