import type {
  ClusterConfig,
  ClusterNode,
  KubeApiServiceConfig,
} from '../../../../src/config/cluster-config.ts'
import { clusterConfigSchema } from '../../../../src/config/schema/cluster.ts'
import { nodeSchema } from '../../../../src/config/schema/nodes.ts'
import { zeroOf } from '../../../../src/config/schema/reading/schema-view.ts'

/** A configuration in which nothing is set but what matters to files on nodes. */
export function cluster(
  kubeApi: Partial<KubeApiServiceConfig> = {},
  changes: Partial<ClusterConfig> = {},
): ClusterConfig {
  const empty = clusterConfigSchema.parse(zeroOf(clusterConfigSchema))
  const defaults = { podSecurityConfiguration: 'privileged', auditLog: { enabled: true } }
  return {
    ...empty,
    kubernetesVersion: 'v1.30.4-rancher1-1',
    services: { ...empty.services, kubeApi: { ...empty.services.kubeApi, ...defaults, ...kubeApi } },
    ...changes,
  }
}

export function nodeWith(...role: ClusterNode['role']): ClusterNode {
  return { ...nodeSchema.parse(zeroOf(nodeSchema)), address: '10.0.0.1', role }
}
