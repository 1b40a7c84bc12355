import type { Action } from '../action.ts'
import { encryptionIds } from '../encryption/plan-encryption.ts'
import { ids } from '../model/ids.ts'
import type { Reason } from '../model/reason.ts'
import type { LeavingNode, PlanInput } from '../plan-input.ts'
import { controlPlaneDone } from './control-plane-health.ts'
import { reasonWithoutApi } from './reason-without-api.ts'

/** The state says "applied" once control plane and authorization are done, as RKE's does. */
export function planCommit(input: PlanInput, onNodes: readonly Action[]): readonly Action[] {
  if (input.stateChanges.length === 0) return []
  return [
    {
      kind: 'state.commit',
      id: ids.state,
      applied: input.half,
      digest: input.halfDigest,
      because: input.stateChanges,
      // What is to be taken away must be remembered until that is done, or the next run would know nothing of it:
      // nodes that leave; labels, taints and roles that nodes had.
      after: [
        ...controlPlaneDone(onNodes),
        ...encryptionIds(onNodes),
        ids.authorization,
        ...input.leaving.flatMap(goneIds),
        ...registeredNodes(input).map(ids.labels),
        ...input.nodes.map(({ node }) => ids.reconnect(node.address)),
      ],
    },
  ]
}

/** Addresses of nodes that Kubernetes knows; none if it could not be asked. */
function registeredNodes({ kube, nodes, unregistered }: PlanInput): readonly string[] {
  if (kube === undefined) return []
  return nodes.map(({ node }) => node.address).filter((address) => !unregistered.has(address))
}

function goneIds({ node }: LeavingNode): readonly string[] {
  const { address } = node
  return [ids.memberRemove(address), ids.delete(address), ids.clean(address)]
}

export function planStateCopy(input: PlanInput, committed: boolean): readonly Action[] {
  const because = reasonToCopy(input, committed)
  if (because === undefined || !input.stateCopyFits) return []
  return [
    {
      kind: 'state.publish',
      id: ids.stateCopy,
      because: [because],
      after: [ids.state, ids.authorization],
    },
  ]
}

function reasonToCopy({ fresh, kube, stateCopyChanges }: PlanInput, committed: boolean): Reason | undefined {
  if (committed) return { kind: 'state-changes' }
  return kube === undefined ? reasonWithoutApi(fresh) : stateCopyChanges
}
