import type { ClusterConfig } from './cluster-config.ts'

/** The same cluster without some of its nodes. */
export function withoutNodes(config: ClusterConfig, addresses: readonly string[]): ClusterConfig {
  if (addresses.length === 0) return config
  return { ...config, nodes: config.nodes.filter(({ address }) => !addresses.includes(address)) }
}
