import { nodeNameOf } from '../../kube/objects/node-name.ts'
import type { EtcdMemberRemove } from '../action/etcd-members.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import { inChain } from '../model/in-chain.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { cleanNode } from '../plan-removal.ts'
import type { LeavingNode } from './leaving.ts'
import { isDrained, LEAVES } from './plan-drains.ts'

/**
 * Takes nodes out of a cluster that goes on, after their pods: away with their etcd member, their Node object, and
 * then with everything on the machine, if it can be reached. `after`: what must be done before.
 */
export function planLeaving(
  basis: PlanBasis,
  removals: readonly EtcdMemberRemove[],
  after: readonly string[],
): readonly Action[] {
  const members = inChain(
    removals.map((removal) => [{ ...removal, after: [...removal.after, ids.drain(removal.node)] }]),
    after,
  )
  return [...members, ...basis.leaving.flatMap((leaving) => planOne(leaving, basis, after))]
}

function planOne(leaving: LeavingNode, basis: PlanBasis, after: readonly string[]): readonly Action[] {
  const { node, observed, registered } = leaving
  const { address } = node
  const cordon = ids.cordon(address)
  const isMoved = isDrained(leaving, basis)
  const base = { node: address, ...nodeNameOf(node, basis.wanted.config), because: [LEAVES] }
  const keepOff: Action = { kind: 'node.cordon', id: cordon, ...base, after }
  const gone: Action = {
    kind: 'node.delete',
    id: ids.delete(address),
    ...base,
    after: [cordon, ids.drain(address), ids.memberRemove(address)],
  }
  const cleaning =
    observed === undefined
      ? []
      : cleanNode(basis.wanted.config, observed, { snapshots: false, images: leaving.images })
  const before = [...after, ids.drain(address), ids.memberRemove(address), ids.delete(address)]
  return [
    ...(registered && !isMoved ? [keepOff] : []),
    ...(registered ? [gone] : []),
    ...cleaning.map((action) => ({ ...action, because: base.because, after: [...action.after, ...before] })),
  ]
}
