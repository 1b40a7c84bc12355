import { hasRole } from '../desired/service-context.ts'
import type { Windows } from '../engine/step.ts'
import { memberAt } from '../member-at.ts'
import type { Action } from './action.ts'
import { planBringBack } from './bring-back.ts'
import { ids } from './ids.ts'
import { planEncryption } from './plan-encryption.ts'
import type { DesiredNode, PlanInput } from './plan-input.ts'
import { planLatePromotions } from './plan-late-promotions.ts'
import { planLeaving } from './plan-leaving.ts'
import { inChain, planJoining, planMemberRemovals, runsEtcd, turnOf } from './plan-members.ts'
import type { NodePlan } from './plan-node.ts'

/** The services of one node that a cluster in use sees change. */
export interface NodeWork {
  readonly desired: DesiredNode
  readonly plan: NodePlan
  /** The node has served before: others rely on it. */
  readonly serves: boolean
}

export interface Rollout {
  readonly actions: readonly Action[]
  readonly windows: Windows
}

const CONTROL_PLANE = 'controlplane'
const ETCD_WORKERS = 'etcd-workers'
const WORKERS = 'workers'

/**
 * Changes a cluster that serves somebody: etcd members one by one, then control plane nodes and then workers, no
 * more at once than may be out of service; nodes that leave go last, when others have taken over. A member that goes
 * and does not answer goes first, because it counts in every quorum.
 */
export function rollOut(work: readonly NodeWork[], input: PlanInput): Rollout {
  const removals = planMemberRemovals(input)
  const dead = new Set(
    input.leaving.filter(({ observed }) => observed === undefined).map(({ node }) => node.address),
  )
  const lost = new Set(
    removals
      .filter(({ node, internalAddress }) => {
        // A learner has no vote, and etcd takes no other one beside it.
        const learns = memberAt(input.members, internalAddress)?.isLearner === true
        return learns || dead.has(node) || !runsEtcd(input, node)
      })
      .map(({ node }) => node),
  )
  const etcd = inChain(
    [
      planBringBack(input),
      ...removals.filter(({ node }) => lost.has(node)).map((removal) => [removal]),
      ...etcdTurns(work, input),
    ],
    [],
  )
  const encryption = planEncryption(input)
  const before = inChain(
    encryption.before.map((action) => [action]),
    etcd.map(({ id }) => id),
  )
  const afterEtcd = [...etcd, ...before].map(({ id }) => id)
  // An API server that does not run is brought back before another one stops.
  const masters = work
    .filter(({ desired }) => hasRole(desired.node, 'controlplane'))
    .sort((a, b) => Number(hasApiServer(a, input)) - Number(hasApiServer(b, input)))
  const controlPlane = masters.flatMap((one) =>
    around(one, [...one.plan.controlPlane, ...one.plan.worker], CONTROL_PLANE, input, afterEtcd),
  )
  const after = inChain(
    encryption.after.map((action) => [action]),
    [...afterEtcd, ...controlPlane.map(({ id }) => id)],
  )
  const afterControlPlane = [...afterEtcd, ...[...controlPlane, ...after].map(({ id }) => id)]
  const workers = work
    .filter((one) => !masters.includes(one))
    .flatMap((one) => {
      const window = hasRole(one.desired.node, 'etcd') ? ETCD_WORKERS : WORKERS
      return around(one, one.plan.worker, window, input, afterControlPlane)
    })
  const staying = [...etcd, ...before, ...controlPlane, ...after, ...workers]
  const orderly = removals.filter(({ node }) => !lost.has(node))
  return {
    actions: [
      ...staying,
      ...planLeaving(
        input,
        orderly,
        staying.map(({ id }) => id),
      ),
    ],
    windows: {
      [CONTROL_PLANE]: Math.min(
        input.rollout.maxUnavailableControlPlane,
        // One goes on answering, whatever may be missed.
        Math.max(1, masters.filter((one) => hasApiServer(one, input)).length - 1),
      ),
      [ETCD_WORKERS]: 1,
      [WORKERS]: input.rollout.maxUnavailableWorkers,
    },
  }
}

function hasApiServer({ desired }: NodeWork, { observed }: PlanInput): boolean {
  return observed.get(desired.node.address)?.containers.get('kube-apiserver')?.State.Running === true
}

/**
 * Each node's etcd container with what its membership asks for before and after, in the order in which they have
 * their turn. Members whose data is lost are taken out before any is added: etcd adds none while one is missing.
 */
function etcdTurns(work: readonly NodeWork[], input: PlanInput): readonly (readonly Action[])[] {
  const turns = work.map(({ desired, plan }) => {
    const joining = planJoining(desired, input)
    const added = joining.before.map(({ id }) => id)
    const container = plan.etcd.map((action) => ({ ...action, after: [...action.after, ...added] }))
    const actions: readonly Action[] = [...joining.before, ...container, ...joining.after]
    return { turn: turnOf(desired, joining, input), forget: joining.forget, actions }
  })
  const of = (...numbers: readonly number[]): readonly (readonly Action[])[] =>
    numbers.flatMap((number) => turns.filter(({ turn }) => turn === number).map(({ actions }) => actions))
  // Without a member that is mended nothing makes etcd answer.
  const late = turns.some(({ actions }) => actions.length > 0) ? planLatePromotions(input) : []
  // Those that do not run start together: alone none of them is well before the others are there.
  return [of(0).flat(), ...turns.map(({ forget }) => forget), ...of(1, 2, 3), late]
}

/**
 * The changes of one node as others see them: in its window, and, where a running component is replaced, with
 * pods kept away until the node is well again.
 */
function around(
  { desired, serves }: NodeWork,
  changes: readonly Action[],
  window: string,
  input: PlanInput,
  after: readonly string[],
): readonly Action[] {
  const { address, hostnameOverride } = desired.node
  const inWindow = serves ? { window } : {}
  const disruptive = serves && input.kube !== undefined && changes.some(replacesComponent)
  if (!disruptive)
    return changes.map((action) => ({ ...action, ...inWindow, after: [...action.after, ...after] }))
  const base = { node: address, hostname: hostnameOverride, ...inWindow }
  const cordon: Action = {
    kind: 'node.cordon',
    id: ids.cordon(address),
    ...base,
    because: ['its components are replaced'],
    after,
  }
  const drains: readonly Action[] =
    input.rollout.drain === undefined
      ? []
      : [
          {
            kind: 'node.drain',
            id: ids.drain(address),
            ...base,
            options: input.rollout.drain,
            because: ['upgrade_strategy.drain'],
            after: [cordon.id],
          },
        ]
  const gate = [cordon.id, ...drains.map(({ id }) => id)]
  const ids_ = changes.map(({ id }) => id)
  return [
    cordon,
    ...drains,
    ...changes.map((action) => ({ ...action, ...inWindow, after: [...action.after, ...gate] })),
    {
      kind: 'node.ready',
      id: ids.ready(address),
      ...base,
      because: ['its components were replaced'],
      after: ids_,
      interruptible: true,
    },
    {
      kind: 'node.uncordon',
      id: ids.uncordon(address),
      ...base,
      because: ['its components are replaced'],
      after: [ids.ready(address), ...ids_],
    },
  ]
}

/** Only these two serve the pods of a node; and one that was missing or stopped served nobody. */
function replacesComponent(action: Action): boolean {
  return (
    action.kind === 'container.replace' &&
    (action.container.name === 'kubelet' || action.container.name === 'kube-proxy')
  )
}
