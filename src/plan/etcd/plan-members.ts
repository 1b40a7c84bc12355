import type { ClusterNode } from '../../config/cluster-config.ts'
import type { DesiredNode } from '../../desired/desired-node.ts'
import { etcdDataDirectory } from '../../desired/services/etcd.ts'
import { memberAt, memberOf } from '../../etcd/members/find-member.ts'
import { hasVote } from '../../etcd/members/quorum.ts'
import { hasRole } from '../../role.ts'
import type { ContainerRemove } from '../action/containers.ts'
import type { EtcdMemberAdd, EtcdMemberPromote, EtcdMemberRemove } from '../action/etcd-members.ts'
import type { FoldersClear } from '../action/files.ts'
import type { Action } from '../action.ts'
import { isNewCluster } from '../model/cluster-view.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { runsSteadily } from '../model/runs.ts'
import { formerMembers } from './former-members.ts'

/** What etcd's membership asks for on one node, around the container that the node's own plan starts. */
export interface MemberChanges {
  /** Takes out a member whose data is lost. */
  readonly forget: readonly EtcdMemberRemove[]
  readonly before: readonly (EtcdMemberAdd | ContainerRemove | FoldersClear)[]
  readonly after: readonly EtcdMemberPromote[]
}

/** Addresses of nodes whose members can be asked: those that stay, in the order of cluster.yml, then those that go. */
export function membersToAsk(basis: PlanBasis): readonly string[] {
  const {
    nodes,
    seen: { etcd, machines },
  } = basis
  const staying = nodes
    .filter(({ node }) => hasRole(node, 'etcd') && (machines.get(node.address)?.containers.size ?? 0) > 0)
    .filter(({ node }) => hasVote(memberAt(etcd?.members, node.internalAddress)))
    .map(({ node }) => node.address)
  const going = goingMembers(basis).map(({ address }) => address)
  return [...staying, ...going.filter((address) => runsEtcd(basis, address))]
}

/** Adds a node's member, or promotes one that an earlier run left without a vote; nothing for members. */
export function planJoining(desired: DesiredNode, basis: PlanBasis): MemberChanges {
  const { node } = desired
  const none = { forget: [], before: [], after: [] }
  if (isNewCluster(basis) || basis.seen.etcd === undefined || !hasRole(node, 'etcd')) return none
  const member = memberAt(basis.seen.etcd.members, node.internalAddress)
  const isWiped = member !== undefined && (basis.seen.machines.get(node.address)?.containers.size ?? 0) === 0
  if (hasVote(member) && !isWiped) return none
  const base = { node: node.address, internalAddress: node.internalAddress, through: membersToAsk(basis) }
  const promote: EtcdMemberPromote = {
    kind: 'etcd.member.promote',
    id: ids.memberPromote(node.address),
    ...base,
    because: [{ kind: 'member-without-vote' }],
    after: [ids.health(node.address, 'etcd'), ids.memberAdd(node.address)],
  }
  if (member !== undefined && !isWiped) return { forget: [], before: [], after: [promote] }
  const add: EtcdMemberAdd = {
    kind: 'etcd.member.add',
    id: ids.memberAdd(node.address),
    ...base,
    because: [{ kind: 'new-etcd-node' }],
    after: [ids.memberRemove(node.address)],
  }
  const stale = clearStale(desired, basis)
  const joins = { ...add, after: [...add.after, ...stale.map(({ id }) => id)] }
  const before = [...stale, joins]
  if (!isWiped) return { forget: [], before, after: [promote] }
  // A member whose data is lost would start as if it had never been one, and etcd refuses that.
  const forget: EtcdMemberRemove = {
    kind: 'etcd.member.remove',
    id: ids.memberRemove(node.address),
    node: node.address,
    hostname: node.hostnameOverride,
    internalAddress: node.internalAddress,
    through: base.through,
    voters: base.through,
    because: [{ kind: 'member-wiped' }],
    after: [],
  }
  return { forget: [forget], before, after: [promote] }
}

/** Whether a node was a member once and is none any more: its data would keep it from joining. */
export function hasStaleMember({ node }: DesiredNode, basis: PlanBasis): boolean {
  const { etcd, machines } = basis.seen
  if (isNewCluster(basis) || etcd === undefined || !hasRole(node, 'etcd')) return false
  if (memberAt(etcd.members, node.internalAddress) !== undefined) return false
  const containers = machines.get(node.address)?.containers
  return containers?.has('etcd') === true || containers?.has('etcd-rolling-snapshots') === true
}

/**
 * What keeps a node from joining that was a member once: its container, and its data. The data may be there without
 * the container, where a run that cleaned the machine was interrupted.
 */
function clearStale(desired: DesiredNode, basis: PlanBasis): readonly (ContainerRemove | FoldersClear)[] {
  const { node, helperImage, prefix } = desired
  const { address } = node
  const hasContainer = hasStaleMember(desired, basis)
  if (!hasContainer && !formerMembers(basis.known.state).has(address)) return []
  const base = { node: address, because: [{ kind: 'member-removed' }] } as const
  const remove: ContainerRemove = {
    kind: 'container.remove',
    id: ids.leftover(address, 'etcd'),
    ...base,
    name: 'etcd',
    after: [],
  }
  const clear: FoldersClear = {
    kind: 'folders.clear',
    id: ids.etcdData(address),
    ...base,
    image: helperImage,
    folders: [etcdDataDirectory(prefix)],
    // As long as it is a member its data may be needed.
    after: [remove.id, ids.memberRemove(address), ids.image(address, helperImage)],
  }
  return hasContainer ? [remove, clear] : [clear]
}

/** Members of nodes that leave or lose the role, one action each. */
export function planMemberRemovals(basis: PlanBasis): readonly EtcdMemberRemove[] {
  const through = membersToAsk(basis)
  return nodesWithoutMember(basis)
    .filter((node) => memberOf(basis.seen.etcd?.members, node) !== undefined)
    .map((node) => ({
      kind: 'etcd.member.remove',
      id: ids.memberRemove(node.address),
      node: node.address,
      hostname: node.hostnameOverride,
      internalAddress: node.internalAddress,
      through,
      voters: through,
      because: [
        {
          kind: basis.leaving.some((leaving) => leaving.node === node) ? 'member-leaves' : 'loses-etcd-role',
        },
      ],
      after: [],
    }))
}

/** Nodes that shall have no member: those that leave, whatever an unfinished run made of them, and those without the role. */
function nodesWithoutMember({ leaving, nodes }: PlanBasis): readonly ClusterNode[] {
  return [
    ...leaving.map(({ node }) => node),
    ...nodes.map(({ node }) => node).filter((node) => !hasRole(node, 'etcd')),
  ]
}

/** Those of them that can be reached: until their members are gone they count for the quorum. */
function goingMembers(basis: PlanBasis): readonly ClusterNode[] {
  return nodesWithoutMember(basis).filter(({ address }) => basis.seen.machines.has(address))
}

/**
 * When a node's etcd has its turn: members that do not answer first, so that no other is missed meanwhile; then a
 * learner, because etcd takes only one at a time; then new members, who make up for those that are replaced last.
 */
export function turnOf({ node }: DesiredNode, joining: MemberChanges, basis: PlanBasis): number {
  if (joining.before.length > 0) return 2
  if (joining.after.length > 0) return 1
  return runsEtcd(basis, node.address) ? 3 : 0
}

/** Whether a node's etcd runs, and not only tries to; and is well, where another one is. */
export function runsEtcd({ seen: { machines, etcd } }: PlanBasis, address: string): boolean {
  return runsSteadily(machines.get(address), 'etcd') && etcd?.healthy.includes(address) !== false
}

/** One after the other: each action also after all of those before it. */
export function inChain<A extends Action>(
  groups: readonly (readonly A[])[],
  after: readonly string[],
): readonly A[] {
  let before = after
  return groups.flatMap((group) => {
    const chained = group.map((action) => ({ ...action, after: [...action.after, ...before] }))
    if (group.length > 0) before = group.map((action) => action.id)
    return chained
  })
}
