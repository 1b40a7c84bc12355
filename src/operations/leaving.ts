import type { ClusterConfig, ClusterNode } from '../config/cluster-config.ts'
import { ordinaryLinux, prefixPath } from '../desired/node-facts.ts'
import { findNode } from '../kube/find-node.ts'
import type { ObservedKube } from '../observe/observed-kube.ts'
import type { ObservedNode } from '../observe/observed-node.ts'
import type { LeavingNode } from '../plan/plan-input.ts'

/**
 * Nodes that were applied and are in cluster.yml no more. A machine that only has another public address is
 * the same one: its internal address and its name say so.
 */
export function leavingNodes(
  applied: ClusterConfig | undefined,
  wanted: ClusterConfig,
): readonly ClusterNode[] {
  const stays = (node: ClusterNode): boolean =>
    wanted.nodes.some(
      ({ address, internalAddress, hostnameOverride }) =>
        address === node.address ||
        (internalAddress === node.internalAddress && hostnameOverride === node.hostnameOverride),
    )
  return (applied?.nodes ?? []).filter((node) => !stays(node))
}

/** What is known of a leaving node. Without an API its Node object is taken to be there. */
export function describeLeaving(
  node: ClusterNode,
  config: ClusterConfig,
  observed: ObservedNode | undefined,
  kube: ObservedKube | undefined,
): LeavingNode {
  const nameStays = config.nodes.some(({ hostnameOverride }) => hostnameOverride === node.hostnameOverride)
  const found = kube === undefined || findNode(kube.nodes, node.hostnameOverride) !== undefined
  return {
    node,
    prefix: prefixPath(config.prefixPath, observed?.facts ?? ordinaryLinux),
    observed,
    registered: found && !nameStays,
  }
}
