import type { ClusterNode } from '../../config/cluster-config.ts'
import { hasRole } from '../../role.ts'
import { appliedConfig, type ClusterView } from '../model/cluster-view.ts'

/**
 * Workers that are to leave, and stay for now: a new worker, which might be the one that takes their pods, is left out
 * of the run because it cannot be reached. Those that cannot be reached themselves have no pods that could be moved.
 */
export function heldWorkers(view: ClusterView): readonly ClusterNode[] {
  const { wanted, known, seen, options } = view
  if (options.drain === false) return []
  const applied = appliedConfig(view)
  const isNew = ({ address }: ClusterNode): boolean =>
    applied?.nodes.some((node) => node.address === address) !== true
  const misses = wanted.config.nodes.some(
    (node) => seen.unreachable.includes(node.address) && hasRole(node, 'worker') && isNew(node),
  )
  if (!misses) return []
  return known.leaving.filter((node) => hasRole(node, 'worker') && seen.machines.has(node.address))
}
