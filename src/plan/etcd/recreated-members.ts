import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import type { ContainerSpec } from '../../desired/container-spec.ts'
import { type DesiredInput, nodeContainers } from '../../desired/desired-node.ts'
import { initialCluster } from '../../desired/services/etcd.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { hasRole } from '../../role.ts'
import type { Postponed } from './postponed.ts'

/** A member of etcd whose container is gone, and the one that it had. */
export interface RecreatedMember {
  /** Address of its node. */
  readonly node: string
  readonly container: ContainerSpec
}

/**
 * Nodes that leave etcd later and whose etcd container is missing, with their last container: their member may be the
 * one that the quorum lacks. It starts with its data; without data it does not start, because its flags say that the
 * cluster exists.
 */
export function recreatedMembers(
  { nodes, leaving }: Postponed,
  applied: ClusterConfig | undefined,
  observed: ReadonlyMap<string, ObservedNode>,
  input: DesiredInput,
): readonly RecreatedMember[] {
  const members = (applied?.nodes ?? []).filter((node) => hasRole(node, 'etcd'))
  const going = new Set([...nodes, ...leaving.map(({ address }) => address)])
  return members
    .filter(({ address }) => going.has(address))
    .flatMap((node) => {
      const seen = observed.get(node.address)
      // A machine without anything of the cluster was wiped, and the data with the rest.
      if (seen === undefined || seen.containers.size === 0 || seen.containers.has('etcd')) return []
      const joining = { initialCluster: initialCluster(members) }
      const etcd = nodeContainers(input, { ...node, role: ['etcd'] }, seen.facts, joining).find(
        ({ name }) => name === 'etcd',
      )
      return etcd === undefined ? [] : [{ node: node.address, container: etcd }]
    })
}

/** The image that such a member needs on a node that has no other use for it. */
export function memberImages(
  node: ClusterNode,
  { systemImages }: ClusterConfig,
  applied: ClusterConfig | undefined,
): readonly string[] {
  const was = applied?.nodes.some((one) => one.address === node.address && hasRole(one, 'etcd'))
  return was && !hasRole(node, 'etcd') ? [systemImages.etcd] : []
}
