import type { ClusterConfig } from '../../config/cluster-config.ts'
import { hasRole, nodesWithRole } from '../../role.ts'
import type { WatchLagNodes } from '../action/drain.ts'

/** On which nodes of a cluster the clients of API servers may have to catch up. */
export function watchLagNodes(config: ClusterConfig, applied: ClusterConfig | undefined): WatchLagNodes {
  const servers = nodesWithRole(config.nodes, 'controlplane').map(({ address }) => address)
  const before = applied === undefined ? 1 : nodesWithRole(applied.nodes, 'controlplane').length
  return {
    servers,
    others: config.nodes
      .filter(({ address }) => !servers.includes(address))
      .map((node) => ({ address: node.address, etcd: hasRole(node, 'etcd') })),
    singleServer: servers.length === 1 && before === 1,
  }
}
