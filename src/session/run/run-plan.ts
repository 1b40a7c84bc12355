import type { ActionContext } from '../../actions/action-handler.ts'
import { runAction, stepInfo } from '../../actions/actions.ts'
import type { Emit } from '../../engine/events.ts'
import { RkeError } from '../../errors.ts'
import type { Node } from '../../node/node.ts'
import type { Action } from '../../plan/action.ts'
import type { Plan } from '../../plan/model/plan.ts'
import { kubeletsThrough } from '../connect/api-endpoint.ts'
import { probeThrough } from '../connect/probe.ts'
import { type EcrLogin, registryLogins } from '../connect/registry-logins.ts'
import type { RunOptions } from '../deps.ts'
import { type Ended, runWithEvents, type Work } from './run-with-events.ts'

/** What an operation knows that its actions need. */
export interface PlanContext
  extends Omit<ActionContext, 'signal' | 'progress' | 'node' | 'credentials' | 'probe' | 'reachKubelet'> {
  /** AWS by default. */
  readonly ecrLogin?: EcrLogin | undefined
  /** How components are asked for their health; through their nodes by default. */
  readonly probe?: ActionContext['probe'] | undefined
  /** How API servers are made to reach kubelets; through their nodes by default. */
  readonly reachKubelet?: ActionContext['reachKubelet'] | undefined
}

/** Tells of a plan and runs it, as `runWithEvents` does. */
export async function runPlan(
  plan: Plan,
  nodes: ReadonlyMap<string, Node>,
  context: PlanContext,
  options: Pick<RunOptions, 'signal' | 'abort'>,
  emit: Emit,
): Promise<Ended<Action>> {
  const node = (address: string): Node => nodeAt(nodes, address)
  const shared = {
    ...context,
    node,
    probe: context.probe ?? probeThrough(node, context.bundle),
    reachKubelet: context.reachKubelet ?? kubeletsThrough(node, context.bundle),
    credentials: registryLogins(context.config.privateRegistries, context.ecrLogin),
  }
  const work: Work<Action> = {
    steps: plan.actions,
    windows: plan.windows,
    info: stepInfo,
    run: (action, step) => runAction(action, { ...shared, ...step }),
  }
  return runWithEvents(work, options, emit)
}

export function nodeAt(nodes: ReadonlyMap<string, Node>, address: string): Node {
  const node = nodes.get(address)
  if (node === undefined) throw new RkeError(`node ${address} is not connected`, { host: address })
  return node
}
