import { memberAt, memberOf } from '../../etcd/members/find-member.ts'
import { isLearner } from '../../etcd/members/quorum.ts'
import { hasRole } from '../../role.ts'
import type { EtcdMemberRemove } from '../action/etcd-members.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { membersToAsk, nodesWithoutMember, runsEtcd } from './members-to-ask.ts'

/** Members that this run takes out. */
export interface MemberRemovals {
  /** Before anything else: those that do not answer count in every quorum, and etcd takes one learner at a time. */
  readonly first: readonly EtcdMemberRemove[]
  /** When others have taken over. */
  readonly last: readonly EtcdMemberRemove[]
}

/** The members of nodes that leave or lose the role, one action each. */
export function memberRemovals(basis: PlanBasis): MemberRemovals {
  const all = allRemovals(basis)
  const lost = new Set(
    basis.leaving.filter(({ observed }) => observed === undefined).map(({ node }) => node.address),
  )
  const goesFirst = ({ node, internalAddress }: EtcdMemberRemove): boolean =>
    isLearner(memberAt(basis.seen.etcd?.members, internalAddress)) || lost.has(node) || !runsEtcd(basis, node)
  return { first: all.filter(goesFirst), last: all.filter((removal) => !goesFirst(removal)) }
}

function allRemovals(basis: PlanBasis): readonly EtcdMemberRemove[] {
  const through = membersToAsk(basis)
  // Those that are added before count by then.
  const staying = basis.nodes.filter(({ node }) => hasRole(node, 'etcd')).map(({ node }) => node.address)
  return nodesWithoutMember(basis)
    .filter((node) => memberOf(basis.seen.etcd?.members, node) !== undefined)
    .map((node) => ({
      kind: 'etcd.member.remove',
      id: ids.memberRemove(node.address),
      node: node.address,
      hostname: node.hostnameOverride,
      internalAddress: node.internalAddress,
      through,
      voters: [...new Set([...through, ...staying])],
      because: [
        {
          kind: basis.leaving.some((leaving) => leaving.node === node) ? 'member-leaves' : 'loses-etcd-role',
        },
      ],
      after: [],
    }))
}
