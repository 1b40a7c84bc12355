import type { V1DaemonSetUpdateStrategy, V1DeploymentStrategy, V1Toleration } from '@kubernetes/client-node'
import type { ClusterConfig, Toleration, UpdateStrategy } from '../config/cluster-config.ts'
import { present } from './compare/present.ts'

/** The parts of the configuration that addons are made from. */
export type AddonConfig = Pick<
  ClusterConfig,
  | 'addons'
  | 'addonsInclude'
  | 'authorization'
  | 'dns'
  | 'ingress'
  | 'kubernetesVersion'
  | 'monitoring'
  | 'network'
  | 'systemImages'
> & {
  readonly services: {
    readonly kubeController: Pick<ClusterConfig['services']['kubeController'], 'clusterCidr'>
    readonly kubelet: Pick<ClusterConfig['services']['kubelet'], 'clusterDnsServer' | 'clusterDomain'>
  }
}

/**
 * Whether RBAC objects belong into the manifests, and service accounts of pods that run without one otherwise. Those that
 * pods name in any case are there in any case: RKE leaves them out, and such pods are never made.
 */
export function rbacEnabled(config: Pick<AddonConfig, 'authorization'>): boolean {
  return config.authorization.mode === 'rbac'
}

/** The objects of a group that is there or not. */
export function only<T>(wanted: boolean, objects: readonly T[]): readonly T[] {
  return wanted ? objects : []
}

/** The user's tolerations, which replace an addon's own if there are any. */
export function userTolerations(user: readonly Toleration[], own: readonly V1Toleration[]): V1Toleration[] {
  return user.length === 0 ? [...own] : user.map((toleration) => present(toleration))
}

/** An update strategy as the API spells it: `type` in place of `strategy`; what is empty is left out. */
export function apiUpdateStrategy(
  configured: UpdateStrategy | undefined,
  fallback: UpdateStrategy,
): V1DaemonSetUpdateStrategy & V1DeploymentStrategy {
  const { strategy, rollingUpdate } = configured ?? fallback
  return present({
    type: strategy === '' ? undefined : strategy,
    rollingUpdate: rollingUpdate === undefined ? undefined : present(rollingUpdate),
  })
}

/** One node at a time: the default of DaemonSets. */
export const ONE_AT_A_TIME: UpdateStrategy = {
  strategy: 'RollingUpdate',
  rollingUpdate: { maxUnavailable: 1 },
}

/** How Deployments of the addons are updated where the configuration says nothing. */
export const DEPLOYMENT_STRATEGIES = {
  coredns: { strategy: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
  kubeDns: { strategy: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: '10%' } },
  metricsServer: { strategy: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
} as const satisfies Readonly<Record<string, UpdateStrategy>>
