import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { PlanRefusedError } from '../../errors.ts'
import { hasRole, nodesWithRole } from '../../role.ts'
import { restoreCommand } from '../../snapshots/restore-command.ts'
import type { ClusterState, Restoring } from '../../state/cluster-state.ts'

/** What is known of the members that etcd had when a restore began, which may have been in the middle of a change of them. */
export interface MembersBefore extends Pick<Restoring, 'snapshot' | 'members'> {
  /** Addresses of machines that have data of etcd once it is put back. */
  readonly withData: ReadonlySet<string>
  /** Addresses of machines that cannot be asked for it. */
  readonly unreachable: readonly string[]
}

/**
 * The cluster as it was when a restore began: as it was applied last, but with a member of etcd wherever one was whose data is
 * there, and nowhere else. One that begins without its data, or was taken out before, never becomes healthy. A node that an
 * unfinished run had added is part of it if it has a member. The next `up` ends the change.
 * @param applied the configuration that was applied last
 * @throws PlanRefusedError if no data is left.
 */
export function clusterBefore(
  applied: ClusterConfig,
  { desiredState }: Pick<ClusterState, 'desiredState'>,
  known: MembersBefore,
): ClusterConfig {
  const begun = desiredState.rkeConfig?.nodes ?? []
  const added = begun.filter(({ address }) => !applied.nodes.some((node) => node.address === address))
  const nodes = [
    ...applied.nodes.map((node) => withMember(node, isMember(node, begun, known))),
    ...added.filter((node) => isMember(node, begun, known)),
  ].filter(({ role }) => role.length > 0)
  if (nodesWithRole(nodes, 'etcd').length === 0) throw noData(known)
  return { ...applied, nodes }
}

function isMember(
  node: ClusterNode,
  begun: readonly ClusterNode[],
  { members, unreachable, withData }: MembersBefore,
): boolean {
  const { address } = node
  const wasMeant = [node, ...begun].some((one) => one.address === address && hasRole(one, 'etcd'))
  const wasMember = members?.includes(address) ?? wasMeant
  return wasMember && (withData.has(address) || unreachable.includes(address))
}

function withMember(node: ClusterNode, isMember: boolean): ClusterNode {
  if (isMember === hasRole(node, 'etcd')) return node
  const others = node.role.filter((role) => role !== 'etcd')
  return { ...node, role: isMember ? [...others, 'etcd'] : others }
}

function noData({ snapshot }: MembersBefore): PlanRefusedError {
  return new PlanRefusedError('no machine has data of etcd from before the restore', {
    step: 'plan the way back',
    untouched: true,
    hint: `run "${restoreCommand(snapshot)}" again, or restore another snapshot`,
  })
}
