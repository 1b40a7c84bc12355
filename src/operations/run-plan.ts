import type { ActionContext } from '../actions/action-handler.ts'
import { runAction, stepInfo } from '../actions/actions.ts'
import { runSteps } from '../engine/engine.ts'
import type { Emit } from '../engine/events.ts'
import { RkeError } from '../errors.ts'
import type { Node } from '../node/node.ts'
import type { Action } from '../plan/action.ts'
import type { Plan } from '../plan/plan.ts'
import type { RunOptions } from './deps.ts'
import { throwUnlessDone } from './outcome.ts'
import { probeThrough } from './probe.ts'
import { type EcrLogin, registryLogins } from './registry-logins.ts'

/** What an operation knows that its actions need. */
export interface PlanContext
  extends Omit<ActionContext, 'signal' | 'progress' | 'node' | 'credentials' | 'probe'> {
  /** AWS by default. */
  readonly ecrLogin?: EcrLogin | undefined
  /** How components are asked for their health; through their nodes by default. */
  readonly probe?: ActionContext['probe'] | undefined
}

/**
 * Tells of a plan and runs it. Resolves to the number of steps done; rejects, after everything that could be
 * done was done, with what failed, or with a `CancelledError` if it was stopped before the end.
 */
export async function runPlan(
  plan: Plan,
  nodes: ReadonlyMap<string, Node>,
  context: PlanContext,
  { signal, abort }: RunOptions,
  emit: Emit,
): Promise<number> {
  emit({ type: 'planned', steps: plan.actions.map(stepInfo) })
  const node = (address: string): Node => nodeAt(nodes, address)
  const shared = {
    ...context,
    node,
    probe: context.probe ?? probeThrough(node, context.bundle),
    credentials: registryLogins(context.config.privateRegistries, context.ecrLogin),
  }
  const outcome = await runSteps<Action>({
    steps: plan.actions,
    windows: plan.windows,
    info: stepInfo,
    run: (action, step) => runAction(action, { ...shared, ...step }),
    emit,
    ...(signal && { stop: signal }),
    ...(abort && { abort }),
  })
  throwUnlessDone(outcome)
  return outcome.done.length
}

function nodeAt(nodes: ReadonlyMap<string, Node>, address: string): Node {
  const node = nodes.get(address)
  if (node === undefined) throw new RkeError(`node ${address} is not connected`, { host: address })
  return node
}
