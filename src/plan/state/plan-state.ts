import { Secret } from '../../secret.ts'
import type { Action } from '../action.ts'
import { encryptionIds } from '../encryption/plan-encryption.ts'
import { controlPlaneDone } from '../kube/control-plane-health.ts'
import { reasonWithoutApi } from '../kube/reason-without-api.ts'
import { isNewCluster } from '../model/cluster-view.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import type { Reason } from '../model/reason.ts'
import type { LeavingNode } from '../rollout/leaving.ts'
import { appliedDigest } from './applied-digest.ts'
import { copyFits, reasonsToCommit, reasonToCopy } from './state-reasons.ts'

/** The state says "applied" once control plane and authorization are done, as RKE's does. */
export function planCommit(basis: PlanBasis, onNodes: readonly Action[]): readonly Action[] {
  const because = reasonsToCommit(basis)
  if (because.length === 0) return []
  return [
    {
      kind: 'state.commit',
      id: ids.state,
      applied: new Secret(basis.states.done.currentState),
      digest: appliedDigest(basis.states.done.currentState, basis.wanted.material.generated),
      because,
      // What is to be taken away must be remembered until that is done, or the next run would know nothing of it:
      // nodes that leave; labels, taints and roles that nodes had.
      after: [
        ...controlPlaneDone(onNodes),
        ...restartIds(onNodes),
        ...encryptionIds(basis),
        ids.authorization,
        ...basis.leaving.flatMap(goneIds),
        ...registeredNodes(basis).map(ids.labels),
        ...basis.nodes.map(({ node }) => ids.reconnect(node.address)),
      ],
    },
  ]
}

const OF_CERTIFICATES = new Set<Reason['kind']>(['certificates-changed', 'certificates-renewed'])

/** Once the state has the certificates that changed, no run would know who has not read them yet. */
function restartIds(onNodes: readonly Action[]): readonly string[] {
  return onNodes.flatMap((action) =>
    action.kind === 'container.restart' && action.because.some(({ kind }) => OF_CERTIFICATES.has(kind))
      ? [action.id, ids.health(action.node, action.name), ids.files(action.node)]
      : [],
  )
}

/** Addresses of nodes that Kubernetes knows; none if it could not be asked. */
function registeredNodes({ nodes, kubeNodes }: PlanBasis): readonly string[] {
  return nodes.map(({ node }) => node.address).filter((address) => kubeNodes.has(address))
}

function goneIds({ node }: LeavingNode): readonly string[] {
  const { address } = node
  return [ids.memberRemove(address), ids.delete(address), ids.clean(address)]
}

export function planStateCopy(basis: PlanBasis, committed: boolean): readonly Action[] {
  const because = whyCopied(basis, committed)
  if (because === undefined || !copyFits(basis)) return []
  return [
    {
      kind: 'state.publish',
      id: ids.stateCopy,
      because: [because],
      after: [ids.state, ids.authorization],
    },
  ]
}

/** With the state its copy is written anyway. */
function whyCopied(basis: PlanBasis, committed: boolean): Reason | undefined {
  if (committed) return { kind: 'state-changes' }
  return basis.seen.kube === undefined ? reasonWithoutApi(isNewCluster(basis)) : reasonToCopy(basis)
}
