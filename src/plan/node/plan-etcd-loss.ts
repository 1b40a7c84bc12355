import type { DesiredNode } from '../../desired/desired-node.ts'
import { etcdDataDirectory } from '../../desired/services/etcd.ts'
import { memberOf } from '../../etcd/members/find-member.ts'
import { hasRole } from '../../role.ts'
import type { ContainerRemove } from '../action/containers.ts'
import type { Action } from '../action.ts'
import { formerMembers } from '../etcd/former-members.ts'
import { isNewCluster } from '../model/cluster-view.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'

/**
 * A node that is no etcd node any more: once its member is gone its containers go, and its data, also where an
 * interrupted cleaning, or the way back from a restore, has left nothing but that.
 */
export function planEtcdLoss(
  desired: DesiredNode,
  removals: readonly ContainerRemove[],
  basis: PlanBasis,
): readonly Action[] {
  const { address } = desired.node
  const wasMember = !isNewCluster(basis) && formerMembers(basis.known.state).has(address)
  const isMember = memberOf(basis.seen.etcd?.members, desired.node) !== undefined
  const mayHaveData = removals.length > 0 || wasMember || isMember
  // Of a node that keeps the role only the snapshot container can be unwanted; its data stays.
  if (hasRole(desired.node, 'etcd') || !mayHaveData) return removals
  // As long as one of its containers is there, a run that goes on after an interrupted one sees that data may be left.
  const isLast = ({ name }: ContainerRemove): boolean => name === 'etcd-rolling-snapshots'
  const first = removals.filter((removal) => !isLast(removal))
  const last = removals.filter(isLast)
  return [
    ...first.map((removal) => ({ ...removal, after: [...removal.after, ids.memberRemove(address)] })),
    {
      kind: 'folders.clear',
      id: ids.etcdData(address),
      node: address,
      image: desired.helperImage,
      folders: [etcdDataDirectory(desired.prefix)],
      because: [{ kind: 'member-removed' }],
      after: [
        ids.memberRemove(address),
        ids.image(address, desired.helperImage),
        ...first.map(({ id }) => id),
      ],
    },
    ...last.map((removal) => ({ ...removal, after: [...removal.after, ids.etcdData(address)] })),
  ]
}
