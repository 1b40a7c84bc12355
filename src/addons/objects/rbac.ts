import type {
  RbacV1Subject,
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1PolicyRule,
  V1Role,
  V1RoleBinding,
  V1ServiceAccount,
} from '@kubernetes/client-node'
import type { ObjectMetadata, Typed } from './manifest-object.ts'

const RBAC = 'rbac.authorization.k8s.io'
const API_VERSION = `${RBAC}/v1`

/** Labels, annotations: what an object's metadata may have besides its name. */
export type Extra = Omit<ObjectMetadata, 'name' | 'namespace'>

/** The three words that mean "may read". */
export const READ = ['get', 'list', 'watch'] as const

/** One rule: verbs on resources of one API group (`''` is the core group), perhaps on named objects only. */
export function rule(
  apiGroup: string,
  resources: readonly string[],
  verbs: readonly string[],
  resourceNames?: readonly string[],
): V1PolicyRule {
  const names = resourceNames === undefined ? {} : { resourceNames: [...resourceNames] }
  return { apiGroups: [apiGroup], resources: [...resources], ...names, verbs: [...verbs] }
}

export function clusterRole(name: string, rules: V1PolicyRule[], extra: Extra = {}): Typed<V1ClusterRole> {
  return { apiVersion: API_VERSION, kind: 'ClusterRole', metadata: { name, ...extra }, rules }
}

/** Gives a cluster role to subjects in the whole cluster. */
export function clusterRoleBinding(
  name: string,
  role: string,
  subjects: RbacV1Subject[],
  extra: Extra = {},
): Typed<V1ClusterRoleBinding> {
  const roleRef = { apiGroup: RBAC, kind: 'ClusterRole', name: role }
  return {
    apiVersion: API_VERSION,
    kind: 'ClusterRoleBinding',
    metadata: { name, ...extra },
    roleRef,
    subjects,
  }
}

export function role(
  namespace: string,
  name: string,
  rules: V1PolicyRule[],
  extra: Extra = {},
): Typed<V1Role> {
  return { apiVersion: API_VERSION, kind: 'Role', metadata: { name, namespace, ...extra }, rules }
}

/** Gives a role of the namespace to subjects. */
export function roleBinding(
  namespace: string,
  name: string,
  role: string,
  subjects: RbacV1Subject[],
  extra: Extra = {},
): Typed<V1RoleBinding> {
  return {
    apiVersion: API_VERSION,
    kind: 'RoleBinding',
    metadata: { name, namespace, ...extra },
    roleRef: { apiGroup: RBAC, kind: 'Role', name: role },
    subjects,
  }
}

export function serviceAccount(namespace: string, name: string, extra: Extra = {}): Typed<V1ServiceAccount> {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, ...extra } }
}

export function serviceAccountSubject(namespace: string, name: string): RbacV1Subject {
  return { kind: 'ServiceAccount', name, namespace }
}

export function groupSubject(name: string): RbacV1Subject {
  return { apiGroup: RBAC, kind: 'Group', name }
}

export function userSubject(name: string): RbacV1Subject {
  return { apiGroup: RBAC, kind: 'User', name }
}
