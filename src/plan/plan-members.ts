import { hasRole } from '../desired/service-context.ts'
import type { EtcdMember } from '../etcd/etcd-api.ts'
import type { Action, EtcdMemberAdd, EtcdMemberPromote, EtcdMemberRemove } from './action.ts'
import { ids } from './ids.ts'
import type { DesiredNode, PlanInput } from './plan-input.ts'

/** What etcd's membership asks for on one node, around the container that the node's own plan starts. */
export interface Joining {
  readonly before: readonly (EtcdMemberAdd | EtcdMemberRemove)[]
  readonly after: readonly EtcdMemberPromote[]
}

/** Addresses of etcd nodes that stay and can be asked, in the order of cluster.yml. */
export function stayingMembers({ nodes, members, observed }: PlanInput): readonly string[] {
  return nodes
    .filter(({ node }) => hasRole(node, 'etcd') && (observed.get(node.address)?.containers.size ?? 0) > 0)
    .filter(({ node }) => votes(memberAt(members, node.internalAddress)))
    .map(({ node }) => node.address)
}

/** Adds a node's member, or promotes one that an earlier run left without a vote; nothing for members. */
export function planJoining(desired: DesiredNode, input: PlanInput): Joining {
  const { node } = desired
  const none = { before: [], after: [] }
  if (input.fresh || input.members === undefined || !hasRole(node, 'etcd')) return none
  const member = memberAt(input.members, node.internalAddress)
  const isWiped = member !== undefined && (input.observed.get(node.address)?.containers.size ?? 0) === 0
  if (votes(member) && !isWiped) return none
  const base = { node: node.address, internalAddress: node.internalAddress, through: stayingMembers(input) }
  const promote: EtcdMemberPromote = {
    kind: 'etcd.member.promote',
    id: ids.memberPromote(node.address),
    ...base,
    because: ['a new member has no vote until it has the data'],
    after: [ids.health(node.address, 'etcd'), ids.memberAdd(node.address)],
  }
  if (member !== undefined && !isWiped) return { before: [], after: [promote] }
  const add: EtcdMemberAdd = {
    kind: 'etcd.member.add',
    id: ids.memberAdd(node.address),
    ...base,
    because: ['new etcd node'],
    after: [ids.memberRemove(node.address)],
  }
  if (!isWiped) return { before: [add], after: [promote] }
  // A member whose data is lost would start as if it had never been one, and etcd refuses that.
  const forget: EtcdMemberRemove = {
    kind: 'etcd.member.remove',
    id: ids.memberRemove(node.address),
    node: node.address,
    hostname: node.hostnameOverride,
    through: base.through,
    voters: base.through,
    because: ['the machine was wiped, and the member with it'],
    after: [],
  }
  return { before: [forget, add], after: [promote] }
}

/** Members of nodes that leave or lose the role, one action each. */
export function planMemberRemovals(input: PlanInput): readonly EtcdMemberRemove[] {
  const gone = [
    ...input.leaving.map(({ node }) => node).filter((node) => hasRole(node, 'etcd')),
    ...input.nodes.map(({ node }) => node).filter((node) => !hasRole(node, 'etcd')),
  ]
  const reachable = gone.filter(({ address }) => input.observed.has(address)).map(({ address }) => address)
  const through = stayingMembers(input)
  return gone
    .filter(({ hostnameOverride }) => input.members?.some(({ name }) => name === `etcd-${hostnameOverride}`))
    .map((node) => ({
      kind: 'etcd.member.remove',
      id: ids.memberRemove(node.address),
      node: node.address,
      hostname: node.hostnameOverride,
      through,
      voters: [...through, ...reachable],
      because: [
        input.leaving.some((leaving) => leaving.node === node)
          ? 'the node leaves'
          : 'the node is no etcd node any more',
      ],
      after: [],
    }))
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

function memberAt(
  members: readonly EtcdMember[] | undefined,
  internalAddress: string,
): EtcdMember | undefined {
  return members?.find(({ peerURLs }) =>
    peerURLs.some((url) => url.includes(`https://${internalAddress}:2380`)),
  )
}

const votes = (member: EtcdMember | undefined): boolean => member !== undefined && !member.isLearner
