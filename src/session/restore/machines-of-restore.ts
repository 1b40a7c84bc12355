import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { formerMembers } from '../../plan/etcd/former-members.ts'
import { leavingNodes, withAccess } from '../../plan/rollout/leaving.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { allConnected } from '../connect/cluster-access.ts'
import { type Connected, connectNodes, reachOf } from '../connect/connect-nodes.ts'
import type { Operation } from '../run/redacted-run.ts'

/** The machines that a restore changes. */
export interface RestoreMachines {
  readonly connected: Connected
  /** Nodes that the cluster has had and that cluster.yml no longer names, reached or not. */
  readonly leaving: readonly ClusterNode[]
  /** Addresses of machines that have or had a member of etcd. */
  readonly formerMembers: ReadonlySet<string>
}

/**
 * Connects to the machines of cluster.yml, and, as far as they can be reached, to those that the state from before the restore
 * knows besides: their containers must not go on serving the cluster that is replaced.
 */
export async function connectMachines(
  config: ClusterConfig,
  before: ClusterState,
  { deps, options, emit, fill }: Operation,
): Promise<RestoreMachines> {
  const leaving = await withAccess(leavingNodes(before, config), config, fill)
  const maySkip = options.skipUnreachable ?? false
  const reach = (skip: boolean) => reachOf(options, deps, skip)
  const others = await connectNodes(config, leaving, deps.transports, emit, reach(true))
  try {
    const staying = await connectNodes(config, config.nodes, deps.transports, emit, reach(maySkip))
    return { connected: allConnected([staying, others]), leaving, formerMembers: formerMembers(before) }
  } catch (thrown) {
    await others.close()
    throw thrown
  }
}
