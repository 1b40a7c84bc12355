import type { V1PolicyRule } from '@kubernetes/client-node'
import { type AddonConfig, only, rbacEnabled } from '../addon-config.ts'
import type { Manifest } from '../objects/manifest-object.ts'
import {
  clusterRole,
  clusterRoleBinding,
  READ,
  role,
  roleBinding,
  rule,
  serviceAccount,
  serviceAccountSubject,
} from '../objects/rbac.ts'
import { NAMESPACE, weaveDaemonSet } from './weave-daemon-set.ts'

const NAME = 'weave-net'
const LABELLED = { labels: { name: NAME } }

/** There is one manifest for all versions that it is built in for. */
export const WEAVE_VARIANTS = { 'weave-v1.22': true } as const

/** The network plugin Weave Net, up to Kubernetes v1.29. With RBAC RKE writes its account twice, and so do we. */
export function weaveManifest(config: AddonConfig): Manifest {
  const subjects = [serviceAccountSubject(NAMESPACE, NAME)]
  return [
    serviceAccount(NAMESPACE, NAME),
    weaveDaemonSet(config),
    ...only(rbacEnabled(config), [
      serviceAccount(NAMESPACE, NAME, LABELLED),
      clusterRole(NAME, clusterRules, LABELLED),
      clusterRoleBinding(NAME, NAME, subjects, LABELLED),
      role(NAMESPACE, NAME, rules, LABELLED),
      roleBinding(NAMESPACE, NAME, NAME, subjects, LABELLED),
    ]),
  ]
}

const clusterRules: V1PolicyRule[] = [
  rule('', ['pods', 'namespaces', 'nodes'], READ),
  rule('networking.k8s.io', ['networkpolicies'], READ),
  rule('', ['nodes/status'], ['patch', 'update']),
]
const rules: V1PolicyRule[] = [
  rule('', ['configmaps'], ['get', 'update'], [NAME]),
  rule('', ['configmaps'], ['create']),
]

/** Settings that have no effect on weave. */
export function weaveWarnings({ network: { updateStrategy } }: AddonConfig): readonly string[] {
  const strategy = updateStrategy?.strategy ?? ''
  return only(strategy !== '' && strategy !== 'RollingUpdate', [
    `network.update_strategy: ${strategy} has no effect: the pods of weave are replaced by RollingUpdate, as in RKE`,
  ])
}
