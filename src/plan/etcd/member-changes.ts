import type { DesiredNode } from '../../desired/desired-node.ts'
import { etcdDataDirectory } from '../../desired/services/etcd.ts'
import { memberAt } from '../../etcd/members/find-member.ts'
import { hasVote } from '../../etcd/members/quorum.ts'
import { hasRole } from '../../role.ts'
import type { ContainerRemove } from '../action/containers.ts'
import type { EtcdMemberAdd, EtcdMemberPromote, EtcdMemberRemove } from '../action/etcd-members.ts'
import type { FoldersClear } from '../action/files.ts'
import { isNewCluster } from '../model/cluster-view.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { formerMembers } from './former-members.ts'
import { membersToAsk } from './members-to-ask.ts'

/** What etcd's membership asks for on one node, around the container that the node's own plan starts. */
export interface MemberChanges {
  /** Takes out a member whose data is lost. */
  readonly forget: readonly EtcdMemberRemove[]
  readonly before: readonly (EtcdMemberAdd | ContainerRemove | FoldersClear)[]
  readonly after: readonly EtcdMemberPromote[]
}

/** Adds a node's member, or promotes one that an earlier run left without a vote; nothing for members. */
export function memberChanges(desired: DesiredNode, basis: PlanBasis): MemberChanges {
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
    keep: 'before-*',
    // As long as it is a member its data may be needed.
    after: [remove.id, ids.memberRemove(address), ids.image(address, helperImage)],
  }
  return hasContainer ? [remove, clear] : [clear]
}
