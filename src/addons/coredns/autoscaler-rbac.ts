import type { Manifest } from '../objects/manifest-object.ts'
import { clusterRole, clusterRoleBinding, rule, serviceAccountSubject } from '../objects/rbac.ts'

/** What a DNS autoscaler may do: count nodes, scale Deployments, make its ConfigMap. */
export function autoscalerRbac(serviceAccount: string): Manifest {
  const name = `system:${serviceAccount}`
  const scale = rule('extensions', ['deployments/scale', 'replicasets/scale'], ['get', 'update'])
  return [
    clusterRole(name, [
      rule('', ['nodes'], ['list', 'watch']),
      rule('', ['replicationcontrollers/scale'], ['get', 'update']),
      { ...scale, apiGroups: ['extensions', 'apps'] },
      rule('', ['configmaps'], ['get', 'create']),
    ]),
    clusterRoleBinding(name, name, [serviceAccountSubject('kube-system', serviceAccount)]),
  ]
}
