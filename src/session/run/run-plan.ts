import type { ActionContext } from '../../actions/action-handler.ts'
import { runAction, stepInfo } from '../../actions/actions.ts'
import type { StepContext } from '../../engine/engine.ts'
import type { Emit } from '../../engine/events.ts'
import type { Action } from '../../plan/action.ts'
import type { Plan } from '../../plan/model/plan.ts'
import type { RunOptions } from '../deps.ts'
import { type Ended, runWithEvents, type Work } from './run-with-events.ts'

/** What the actions of a run share. */
export type RunContext = Omit<ActionContext, keyof StepContext>

/** Reports a plan and runs it, as `runWithEvents` does. */
export async function runPlan(
  plan: Plan,
  context: RunContext,
  options: Pick<RunOptions, 'signal' | 'abort'>,
  emit: Emit,
): Promise<Ended<Action>> {
  const work: Work<Action> = {
    steps: plan.actions,
    windows: plan.windows,
    info: stepInfo,
    run: (action, step) => runAction(action, { ...context, ...step }),
  }
  return runWithEvents(work, options, emit)
}
