import type { KubernetesListObject, KubernetesObject } from '@kubernetes/client-node'
import type { Kube } from './kube.ts'

/**
 * The version of every object that nobody but an administrator, or the program, has a reason to change: by
 * `kind/namespace/name` its resource version, or its generation where controllers write a status into it.
 */
export async function objectVersions({
  core,
  apps,
  batch,
  rbac,
}: Kube): Promise<ReadonlyMap<string, string>> {
  const versions = new Map<string, string>()
  const add = (
    kind: string,
    { items }: KubernetesListObject<KubernetesObject>,
    version: 'resource' | 'generation',
  ) => {
    for (const { metadata } of items) {
      const value = version === 'resource' ? metadata?.resourceVersion : metadata?.generation
      versions.set(`${kind}/${metadata?.namespace ?? ''}/${metadata?.name}`, `${metadata?.uid} ${value}`)
    }
  }
  add('ConfigMap', await core.listConfigMapForAllNamespaces(), 'resource')
  add('Secret', await core.listSecretForAllNamespaces(), 'resource')
  add('ServiceAccount', await core.listServiceAccountForAllNamespaces(), 'resource')
  add('Service', await core.listServiceForAllNamespaces(), 'resource')
  add('Job', await batch.listJobForAllNamespaces(), 'resource')
  add('Deployment', await apps.listDeploymentForAllNamespaces(), 'generation')
  add('DaemonSet', await apps.listDaemonSetForAllNamespaces(), 'generation')
  add('Role', await rbac.listRoleForAllNamespaces(), 'resource')
  add('RoleBinding', await rbac.listRoleBindingForAllNamespaces(), 'resource')
  add('ClusterRole', await rbac.listClusterRole(), 'resource')
  add('ClusterRoleBinding', await rbac.listClusterRoleBinding(), 'resource')
  return versions
}
