import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { ConfigError, toRkeError } from '../../errors.ts'
import { findNode } from '../../kube/objects/find-node.ts'
import { nodeNameOf } from '../../kube/objects/node-name.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import type { FillSecrets } from '../../session/run/redacted-run.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { appliedConfig, type ClusterView } from '../model/cluster-view.ts'

/** A node that leaves the cluster. */
export interface LeavingNode {
  readonly node: ClusterNode
  /** `undefined`: it cannot be reached, so that nothing on it can be cleaned. */
  readonly observed: ObservedNode | undefined
  /** Images of the cluster it was in, of which it may have one. */
  readonly images: readonly string[]
  /** Its Node object is still there. */
  readonly registered: boolean
  /** It may have pods that serve: its machine is reached, or is Ready in Kubernetes all the same. */
  readonly serves: boolean
}

/**
 * Nodes that were applied, or that the last run began with, and that cluster.yml no longer names. A machine that only
 * has another public address is the same one: its internal address and its name say so.
 */
export function leavingNodes(
  { currentState, desiredState }: ClusterState,
  wanted: ClusterConfig,
): readonly ClusterNode[] {
  const applied = currentState.rkeConfig?.nodes
  // Nothing was applied: what there is was made by a run that never came to its end.
  if (applied === undefined) return []
  const begun = (desiredState.rkeConfig?.nodes ?? []).filter(
    (node) => !applied.some(({ address }) => address === node.address),
  )
  const stays = (node: ClusterNode): boolean =>
    wanted.nodes.some(
      ({ address, internalAddress, hostnameOverride }) =>
        address === node.address ||
        (internalAddress === node.internalAddress && hostnameOverride === node.hostnameOverride),
    )
  return [...applied, ...begun].filter((node) => !stays(node))
}

/**
 * Leaving nodes with all it takes to log in to them. What the applied configuration refers to for other ends is not looked for.
 * @throws ConfigError if it refers to what is not there any more.
 */
export function withAccess(
  leaving: readonly ClusterNode[],
  config: ClusterConfig,
  fill: FillSecrets,
): Promise<readonly ClusterNode[]> {
  return Promise.all(
    leaving.map(async (node) => {
      try {
        const [filled = node] = (await fill({ ...config, nodes: [node] }, ['nodes'])).nodes
        return filled
      } catch (cause) {
        throw new ConfigError(`${node.address} leaves the cluster: ${toRkeError(cause).message}`, {
          step: 'get secrets',
          hint: 'keep what the node was configured with until it is gone',
        })
      }
    }),
  )
}

/**
 * What is known of a leaving node. Without an API its Node object is taken to be there. A machine that only this program cannot
 * reach goes on serving.
 */
export function describeLeaving(node: ClusterNode, view: ClusterView): LeavingNode {
  const { config } = view.wanted
  const { machines, kube } = view.seen
  const observed = machines.get(node.address)
  const nameStays = config.nodes.some(({ hostnameOverride }) => hostnameOverride === node.hostnameOverride)
  const found = kube && findNode(kube.nodes, nodeNameOf(node, config))
  return {
    node,
    observed,
    images: cleaningImages(appliedConfig(view)),
    registered: (kube === undefined || found !== undefined) && !nameStays,
    serves: observed !== undefined || found?.ready === true,
  }
}

/** Images with which a machine of this cluster can be cleaned. */
export function cleaningImages(applied: ClusterConfig | undefined): readonly string[] {
  return applied === undefined ? [] : [applied.systemImages.kubernetes, applied.systemImages.alpine]
}
