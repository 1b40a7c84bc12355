import type { DesiredNode } from '../../desired/desired-node.ts'
import { joinedCluster } from '../../desired/services/etcd.ts'
import { hasRole } from '../../role.ts'
import type { EtcdMemberPromote } from '../action/etcd-members.ts'
import { isNewCluster } from '../model/cluster-view.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'

/**
 * Promotions while etcd does not say who has a vote: of all members that joined after the cluster was made, once those
 * that are repaired make it answer. One that has its vote is left as it is.
 */
export function latePromotions(basis: PlanBasis): readonly EtcdMemberPromote[] {
  const { nodes, seen } = basis
  if (isNewCluster(basis) || seen.etcd !== undefined) return []
  const flagsOf = ({ node }: DesiredNode): ReadonlyMap<string, string> | undefined =>
    seen.machines.get(node.address)?.containers.get('etcd')?.flags
  const known = nodes.filter((one) => hasRole(one.node, 'etcd') && flagsOf(one) !== undefined)
  const joined = known.filter((one) => joinedCluster(flagsOf(one)) !== undefined)
  // A learner answers nobody who asks for members: those that surely vote are asked first.
  const asked = [...known.filter((one) => !joined.includes(one)), ...joined].map(({ node }) => node.address)
  return joined.flatMap(({ node: { address, internalAddress } }): readonly EtcdMemberPromote[] => {
    const through = asked.filter((other) => other !== address)
    if (through.length === 0) return []
    return [
      {
        kind: 'etcd.member.promote',
        id: ids.memberPromote(address),
        node: address,
        internalAddress,
        through,
        because: [{ kind: 'member-vote-unknown' }],
        after: [ids.health(address, 'etcd')],
      },
    ]
  })
}
