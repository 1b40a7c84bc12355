import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { hasRole } from '../../role.ts'

/**
 * Workers that are to leave, and stay for now: a new worker, which might be the one that takes their pods, is left out
 * of the run because it cannot be reached. Those that cannot be reached themselves have no pods that could be moved.
 */
export function keptNodes(
  config: ClusterConfig,
  applied: ClusterConfig | undefined,
  skipped: readonly string[],
  leaving: readonly ClusterNode[],
  isReached: (address: string) => boolean,
): readonly ClusterNode[] {
  const isNew = ({ address }: ClusterNode): boolean =>
    applied?.nodes.some((node) => node.address === address) !== true
  const misses = config.nodes.some(
    (node) => skipped.includes(node.address) && hasRole(node, 'worker') && isNew(node),
  )
  return misses ? leaving.filter((node) => hasRole(node, 'worker') && isReached(node.address)) : []
}
