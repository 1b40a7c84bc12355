import type { AddonConfig } from './addon-config.ts'
import { only, rbacEnabled } from './addon-config.ts'
import { ADDON_NAMESPACE, JOB_DEPLOYER } from './addon-names.ts'
import type { Manifest } from './objects/manifest-object.ts'
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
