import type { EtcdMemberRemove } from '../action/etcd-members.ts'
import type { Action } from '../action.ts'
import { inChain } from '../model/in-chain.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { afterPulls, planPeersHealth } from '../node/before-stops.ts'
import type { NodeWork } from '../node/node-work.ts'
import { planBringBack } from './bring-back.ts'
import { latePromotions } from './late-promotions.ts'
import { type MemberChanges, memberChanges } from './member-changes.ts'
import { memberRemovals } from './member-removals.ts'
import { runsEtcd } from './members-to-ask.ts'

/** What is done to etcd while control plane nodes and workers stay as they are. */
export interface EtcdPlan {
  readonly actions: readonly Action[]
  /** Members of nodes that leave when others have taken over. */
  readonly lastRemovals: readonly EtcdMemberRemove[]
}

/** Changes etcd of a running cluster, one member after the other, and all of them after all pulls. */
export function planEtcd(work: readonly NodeWork[], basis: PlanBasis): EtcdPlan {
  const { first, last } = memberRemovals(basis)
  const groups = [planBringBack(basis), ...first.map((removal) => [removal]), ...etcdTurns(work, basis)]
  return { actions: inChain<Action>(groups, []).map(afterPulls(work)), lastRemovals: last }
}

/** When a node's etcd has its turn, in this order. */
type Turn =
  /** Members that do not answer, so that no other is missed meanwhile. */
  | 'not-running'
  /** A member without a vote: etcd takes one at a time. */
  | 'learner'
  /** New members, who make up for those that are replaced. */
  | 'new'
  | 'running'

function turnOf(address: string, changes: MemberChanges, basis: PlanBasis): Turn {
  if (changes.before.length > 0) return 'new'
  if (changes.after.length > 0) return 'learner'
  return runsEtcd(basis, address) ? 'running' : 'not-running'
}

/**
 * Each node's etcd container with what its membership asks for before and after. Members whose data is lost are taken
 * out before any is added: etcd adds none while one is missing.
 */
function etcdTurns(work: readonly NodeWork[], basis: PlanBasis): readonly (readonly Action[])[] {
  const turns = work.map((one) => {
    const { desired, plan } = one
    const changes = memberChanges(desired, basis)
    const added = changes.before.map(({ id }) => id)
    const container = plan.etcd.map((action) => ({ ...action, after: [...action.after, ...added] }))
    const actions: readonly Action[] = [...changes.before, ...container, ...changes.after]
    return { one, turn: turnOf(desired.node.address, changes, basis), forget: changes.forget, actions }
  })
  const inTurn = (turn: Turn) => turns.filter((each) => each.turn === turn)
  const actionsOf = (turn: Turn) => inTurn(turn).map(({ actions }) => actions)
  const workOf = (turn: Turn) => inTurn(turn).map(({ one }) => one)
  // Without a member that is repaired nothing makes etcd answer.
  const late = turns.some(({ actions }) => actions.length > 0) ? latePromotions(basis) : []
  const members = turns
    .filter(({ turn }) => turn === 'not-running' || turn === 'running')
    .map(({ one }) => one)
  // Where no member is healthy, one that is replaced may be what repairs it.
  const peers = basis.seen.etcd === undefined ? [] : planPeersHealth('etcd', workOf('running'), members)
  return [
    // They start together: alone none of them is healthy before the others are there.
    actionsOf('not-running').flat(),
    ...turns.map(({ forget }) => forget),
    ...actionsOf('learner'),
    ...actionsOf('new'),
    peers,
    ...actionsOf('running'),
    late,
  ]
}
