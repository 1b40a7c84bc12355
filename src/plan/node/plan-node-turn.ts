import type { DesiredNode } from '../../desired/desired-node.ts'
import { type NodeName, nodeNameOf } from '../../kube/objects/node-name.ts'
import type { DrainSettings } from '../action/drain.ts'
import type { Action } from '../action.ts'
import { isLeftCordoned } from '../kube/node-objects.ts'
import { becomeReady } from '../kube/plan-readiness.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import type { Reason } from '../model/reason.ts'
import type { NodeWork } from './node-work.ts'
import { planHealth } from './plan-containers.ts'

/**
 * The changes of one node for the rollout: in its window, and cordoned until the node is healthy again if a running
 * component is replaced. A node that an interrupted run left half changed must be healthy before others of its window
 * have their turn, whatever is still to be changed on it.
 */
export function planNodeTurn(
  one: NodeWork,
  changes: readonly Action[],
  window: string,
  basis: PlanBasis,
  after: readonly string[],
): readonly Action[] {
  const { desired, serves } = one
  const { address } = desired.node
  const inWindow = serves ? { window } : {}
  const placed = (action: Action, gate: readonly string[]): Action => ({
    ...action,
    ...inWindow,
    after: [...action.after, ...gate],
  })
  const interrupted = isInterrupted(one, basis)
  const disruptive = serves && basis.seen.kube !== undefined && changes.some(replacesComponent)
  if (!disruptive && !interrupted) return changes.map((action) => placed(action, after))
  const base = { node: address, ...nodeNameOf(desired.node, basis.wanted.config), ...inWindow }
  const apart = disruptive ? planApart(base, basis.rollout.drain, after) : []
  const gate = disruptive ? apart.map(({ id }) => id) : after
  const checks = interrupted ? planUncheckedHealth(desired, changes) : []
  const work = [...changes, ...checks]
  const workIds = work.map(({ id }) => id)
  const ready: Action = {
    kind: 'node.ready',
    id: ids.ready(address),
    ...base,
    because: [disruptive ? REPLACED : INTERRUPTED],
    after: workIds,
    interruptible: true,
  }
  return [
    ...apart,
    ...work.map((action) => placed(action, gate)),
    ...(becomeReady(basis.wanted.config) ? [ready] : []),
    {
      kind: 'node.uncordon',
      id: ids.uncordon(address),
      ...base,
      because: [disruptive ? REPLACED : INTERRUPTED],
      after: [ids.ready(address), ...workIds],
    },
  ]
}

/** Cordons a node, and drains it if requested. */
function planApart(
  base: NodeName & { readonly node: string; readonly window?: string },
  drain: DrainSettings | undefined,
  after: readonly string[],
): readonly Action[] {
  const cordon = ids.cordon(base.node)
  const keepOff: Action = { kind: 'node.cordon', id: cordon, ...base, because: [REPLACED], after }
  if (drain === undefined) return [keepOff]
  const because: readonly Reason[] = [{ kind: 'drain-configured' }]
  const id = ids.drain(base.node)
  return [
    keepOff,
    { kind: 'node.drain', id, ...base, leaves: false, options: drain, because, after: [cordon] },
  ]
}

const REPLACED: Reason = { kind: 'components-replaced' }
const INTERRUPTED: Reason = { kind: 'left-cordoned' }

/** A run before has begun to change it, and has not ended that. */
export function isInterrupted({ desired, serves }: NodeWork, basis: PlanBasis): boolean {
  return serves && isLeftCordoned(basis, desired.node)
}

/** Health of what serves the pods of a node, where no change asks for it already. */
function planUncheckedHealth(desired: DesiredNode, changes: readonly Action[]): readonly Action[] {
  const asked = new Set(changes.map(({ id }) => id))
  return desired.containers
    .filter(({ name }) => SERVES_PODS.has(name))
    .flatMap((spec) => planHealth(desired, spec, []))
    .filter(({ id }) => !asked.has(id))
    .map((check) => ({ ...check, because: [INTERRUPTED] }))
}

/** Only these serve the pods of a node. */
const SERVES_PODS: ReadonlySet<string> = new Set(['kubelet', 'kube-proxy'])

/** One that was missing or stopped served nobody. */
function replacesComponent(action: Action): boolean {
  return action.kind === 'container.replace' && SERVES_PODS.has(action.container.name)
}
