import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { PlanRefusedError } from '../../errors.ts'
import { quorumOf } from '../../etcd/members/quorum.ts'
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

/** What the last run began to make of the cluster that was applied. */
interface Change {
  readonly applied: readonly ClusterNode[]
  readonly begun: readonly ClusterNode[]
}

/**
 * The cluster as it was when a restore began: as it was applied last, but with a member of etcd wherever one was whose data is
 * there, and nowhere else. One that begins without its data, or was taken out before, never becomes healthy. A node that an
 * unfinished run had added is part of it if it has a member. Where nobody knows which of the members that it changed there were,
 * those that it did not change go on alone if they are a quorum in either case. The next `up` ends the change.
 * @param applied the configuration that was applied last
 * @throws PlanRefusedError if no data is left.
 */
export function clusterBefore(
  applied: ClusterConfig,
  { desiredState }: Pick<ClusterState, 'desiredState'>,
  known: MembersBefore,
): ClusterConfig {
  const begun = desiredState.rkeConfig?.nodes ?? applied.nodes
  const added = begun.filter(({ address }) => !applied.nodes.some((node) => node.address === address))
  const isMember = memberTest({ applied: applied.nodes, begun }, known)
  const nodes = [
    ...applied.nodes.map((node) => withMember(node, isMember(node))),
    ...added.filter(isMember),
  ].filter(({ role }) => role.length > 0)
  if (nodesWithRole(nodes, 'etcd').length === 0) throw noData(known)
  return { ...applied, nodes }
}

function memberTest(
  change: Change,
  { members, unreachable, withData }: MembersBefore,
): (node: ClusterNode) => boolean {
  const had = new Set(members ?? likelyMembers(change, withData))
  return ({ address }) => had.has(address) && (withData.has(address) || unreachable.includes(address))
}

/** One that was taken out never becomes healthy, and one that was not is missed by nobody who has a quorum without it. */
function likelyMembers({ applied, begun }: Change, withData: ReadonlySet<string>): readonly string[] {
  const [before, after] = [addressesOf(applied), addressesOf(begun)]
  const both = before.filter((address) => after.includes(address))
  const all = [...new Set([...before, ...after])]
  const canGoOn = both.filter((address) => withData.has(address)).length >= quorumOf(all.length)
  return canGoOn ? both : all
}

const addressesOf = (nodes: readonly ClusterNode[]): readonly string[] =>
  nodesWithRole(nodes, 'etcd').map(({ address }) => address)

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
