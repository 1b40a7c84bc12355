import type { Action, EtcdMemberRemove } from './action.ts'
import { ids } from './ids.ts'
import type { LeavingNode, PlanInput } from './plan-input.ts'
import { inChain } from './plan-members.ts'
import { cleanNode } from './plan-removal.ts'

/**
 * Takes nodes out of a cluster that goes on: away with their pods, their etcd member, their Node object, and
 * then with everything on the machine, if it can be reached. `after`: what must be done before.
 */
export function planLeaving(
  input: PlanInput,
  removals: readonly EtcdMemberRemove[],
  after: readonly string[],
): readonly Action[] {
  const members = inChain(
    removals.map((removal) => [{ ...removal, after: [...removal.after, ids.drain(removal.node)] }]),
    after,
  )
  return [...members, ...input.leaving.flatMap((leaving) => planOne(leaving, input, after))]
}

function planOne(leaving: LeavingNode, input: PlanInput, after: readonly string[]): readonly Action[] {
  const { node, observed, registered } = leaving
  const base = {
    node: node.address,
    hostname: node.hostnameOverride,
    because: ['it is not in cluster.yml any more'],
  }
  const { drainLeaving } = input.rollout
  const cordon: Action = { kind: 'node.cordon', id: ids.cordon(node.address), ...base, after }
  const drains: readonly Action[] =
    drainLeaving === undefined || observed === undefined
      ? []
      : [
          {
            kind: 'node.drain',
            id: ids.drain(node.address),
            ...base,
            options: drainLeaving,
            after: [cordon.id],
          },
        ]
  const gone: Action = {
    kind: 'node.delete',
    id: ids.delete(node.address),
    ...base,
    after: [cordon.id, ids.drain(node.address), ids.memberRemove(node.address)],
  }
  const cleaning =
    observed === undefined
      ? []
      : cleanNode(input.config, observed, { snapshots: false, images: leaving.images })
  const before = [...after, ids.drain(node.address), ids.memberRemove(node.address), ids.delete(node.address)]
  return [
    ...(registered ? [cordon, ...drains, gone] : []),
    ...cleaning.map((action) => ({ ...action, because: base.because, after: [...action.after, ...before] })),
  ]
}
