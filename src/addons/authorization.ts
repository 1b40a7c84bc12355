import type { AddonConfig } from './addon-config.ts'
import { only, rbacEnabled } from './addon-config.ts'
import { ADDON_NAMESPACE, JOB_DEPLOYER } from './addon-names.ts'
import { canonical } from './compare/normalise.ts'
import type { Manifest, ManifestObject } from './objects/manifest-object.ts'
import { objectKey } from './objects/manifest-object.ts'
import {
  clusterRole,
  clusterRoleBinding,
  groupSubject,
  READ,
  rule,
  serviceAccount,
  serviceAccountSubject,
  userSubject,
} from './objects/rbac.ts'

const API_SERVER_ROLE = 'proxy-clusterrole-kubeapiserver'

/**
 * What must be in a cluster before any addon: the addon Jobs' rights and, with RBAC, the rights of the
 * kubelets (which all share one identity) and of the API server towards the kubelets. In the order in which
 * they are written. Written through the API, not by `kubectl apply`.
 */
export function authorizationObjects(config: Pick<AddonConfig, 'authorization'>): Manifest {
  return [
    clusterRoleBinding('job-deployer', 'cluster-admin', [
      serviceAccountSubject(ADDON_NAMESPACE, JOB_DEPLOYER),
    ]),
    serviceAccount(ADDON_NAMESPACE, JOB_DEPLOYER),
    ...only(rbacEnabled(config), rbacObjects()),
  ]
}

function rbacObjects(): Manifest {
  const resources = ['nodes/metrics', 'nodes/proxy', 'nodes/stats', 'nodes/log', 'nodes/spec']
  return [
    clusterRoleBinding('system:node', 'system:node', [groupSubject('system:nodes')], {
      labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
      // "false" keeps the API server from emptying the binding when it starts.
      annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' },
    }),
    clusterRole(API_SERVER_ROLE, [rule('', resources, [...READ, 'create'])]),
    clusterRoleBinding('proxy-role-binding-kubernetes-master', API_SERVER_ROLE, [
      userSubject('kube-apiserver'),
    ]),
  ]
}

/** What to do about one object. `recreate`: delete and create, because a binding's role cannot be changed. */
export interface ObjectChange {
  readonly action: 'create' | 'update' | 'recreate'
  readonly object: ManifestObject
}

/**
 * What to write so that the cluster holds the objects: nothing for those that are there with the same
 * content. Fields, labels and annotations that others have added do not count.
 *
 * @param existing the objects as read from the API; others may be among them
 */
export function objectChanges(existing: readonly ManifestObject[], desired: Manifest): ObjectChange[] {
  const present = new Map(existing.map((object) => [objectKey(object), object]))
  return desired.flatMap((object): ObjectChange[] => {
    const found = present.get(objectKey(object))
    if (found === undefined) return [{ action: 'create', object }]
    if (holds(found, object)) return []
    return [{ action: sameRole(found, object) ? 'update' : 'recreate', object }]
  })
}

/** Whether the existing object says all that the wanted one says. */
function holds(existing: ManifestObject, wanted: ManifestObject): boolean {
  const labels = covers(existing.metadata.labels, wanted.metadata.labels)
  const annotations = covers(existing.metadata.annotations, wanted.metadata.annotations)
  return labels && annotations && canonical(ownPart(existing, wanted)) === canonical(ownPart(wanted, wanted))
}

function covers(
  have: Readonly<Record<string, string>> | undefined,
  want: Readonly<Record<string, string>> | undefined,
): boolean {
  return Object.entries(want ?? {}).every(([key, value]) => have?.[key] === value)
}

/** The object with the fields that `like` has, and of its metadata only name and namespace. */
function ownPart(object: ManifestObject, like: ManifestObject): ManifestObject {
  const { apiVersion, kind } = object
  const { name, namespace } = object.metadata
  const members = Object.entries(object).filter(([key]) => key in like)
  return { ...Object.fromEntries(members), apiVersion, kind, metadata: { name, namespace } }
}

function sameRole(existing: ManifestObject, wanted: ManifestObject): boolean {
  const [have, want] = [roleName(existing), roleName(wanted)]
  return have === want
}

function roleName(object: ManifestObject & { roleRef?: { kind?: string; name?: string } }): string {
  return `${object.roleRef?.kind ?? ''}/${object.roleRef?.name ?? ''}`
}
