import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { replacedName } from '../../container-names.ts'
import { quorumOf } from '../../etcd/members/quorum.ts'
import type { ObservedEtcd } from '../../observe/observe-etcd.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { hasRole, nodesWithRole } from '../../role.ts'
import { runs } from '../model/runs.ts'

/** Nodes whose part in etcd must stay as it is for now. */
export interface Postponed {
  /** Addresses of nodes of cluster.yml that are left out. */
  readonly nodes: readonly string[]
  /** Nodes that are to leave, and stay for now. */
  readonly leaving: readonly ClusterNode[]
}

/**
 * Addresses of nodes whose part in etcd ends later and whose etcd has stopped: it may be the one that is missed, and
 * nobody can take it out before it is back.
 */
export function stoppedMembers(
  { nodes, leaving }: Postponed,
  observed: ReadonlyMap<string, ObservedNode>,
): readonly string[] {
  const addresses = [...nodes, ...leaving.map(({ address }) => address)]
  return addresses.filter((address) => observed.get(address)?.containers.get('etcd')?.State.Running === false)
}

/**
 * While etcd of an existing cluster does not report its members, none is added or removed: a new one could not join,
 * one without data would form a cluster of its own, and the data of a removed one may be the last. Repairs come
 * first; the next run does the rest. `begun`: addresses of nodes that an earlier run may have added as members.
 */
export function postponedChanges(
  config: ClusterConfig,
  applied: ClusterConfig | undefined,
  observed: ReadonlyMap<string, ObservedNode>,
  leaving: readonly ClusterNode[],
  etcd: ObservedEtcd | undefined,
  begun: ReadonlySet<string> = new Set(),
): Postponed {
  if (applied === undefined || etcd !== undefined || config.services.etcd.externalUrls.length > 0) {
    return { nodes: [], leaving: [] }
  }
  const wasMember = ({ address }: ClusterNode): boolean =>
    applied.nodes.some((node) => node.address === address && hasRole(node, 'etcd'))
  const hasBeen = ({ address }: ClusterNode): boolean => hasStarted(observed.get(address))
  // Whether an empty machine still has etcd's data is not to be seen. Where the others are too few without it, it must.
  const before = [
    ...nodesWithRole(applied.nodes, 'etcd'),
    ...config.nodes.filter((node) => hasRole(node, 'etcd') && !wasMember(node) && hasBeen(node)),
  ]
  const present = before.filter(({ address }) => observed.get(address)?.containers.size !== 0)
  const hasQuorumWithoutEmpty = present.length >= quorumOf(before.length)
  // All that are known run and miss another one: an earlier run may have got as far as that, and its container is lost.
  const mayBeLastMember = before.every(({ address }) => runs(observed.get(address), 'etcd'))
  const isChange = (node: ClusterNode): boolean => {
    const containers = observed.get(node.address)?.containers
    if (containers === undefined) return false
    // Its data may be there without a container, and be the last.
    if (!hasRole(node, 'etcd')) return containers.has('etcd') || hasBeen(node) || wasMember(node)
    if (!wasMember(node)) return !hasBeen(node) && !(mayBeLastMember && begun.has(node.address))
    return hasQuorumWithoutEmpty && containers.size === 0
  }
  return {
    nodes: config.nodes.filter(isChange).map(({ address }) => address),
    leaving: leaving.filter(
      (node) => hasRole(node, 'etcd') || observed.get(node.address)?.containers.has('etcd') === true,
    ),
  }
}

/** Whether etcd has run on a node. The snapshot container comes after it: where that is, etcd has been. */
function hasStarted(node: ObservedNode | undefined): boolean {
  const etcd = node?.containers.get('etcd')
  const hasRun = etcd !== undefined && etcd.State.Status !== 'created'
  return hasRun || [replacedName('etcd'), 'etcd-rolling-snapshots'].some((name) => node?.containers.has(name))
}
