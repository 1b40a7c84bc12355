import type { ActionContext } from '../../actions/action-handler.ts'
import { runAction, stepInfo } from '../../actions/actions.ts'
import type { StepContext } from '../../engine/engine.ts'
import type { Emit } from '../../engine/events.ts'
import { RkeError } from '../../errors.ts'
import type { Action } from '../../plan/action.ts'
import type { Plan } from '../../plan/model/plan.ts'
import type { RunOptions } from '../deps.ts'
import { type Ended, runWithEvents, type Work } from './run-with-events.ts'

/** What the actions of a run share. */
export type RunContext = Omit<ActionContext, keyof StepContext>

/** Parts of a cluster that a plan may do without. */
type OptionalPart = 'etcd' | 'kube' | 'kubeFor' | 'state' | 'snapshots' | 'noteStored' | 'bucket'

/** What a run hands to its actions. One that asks for a part that the run does not have fails. */
export type RunParts = Omit<RunContext, OptionalPart> & Partial<Pick<RunContext, OptionalPart>>

const ABSENT: Pick<RunContext, OptionalPart> = {
  etcd: () => absent('etcd'),
  kube: async () => absent('the Kubernetes API'),
  kubeFor: async () => absent('the Kubernetes API'),
  state: () => absent('the state'),
  snapshots: () => absent('snapshots'),
  noteStored: () => {},
  bucket: () => absent('a bucket'),
}

/** The engine adds the step's host. */
function absent(part: string): never {
  throw new RkeError(`this operation does not use ${part}`, {
    hint: 'this is a defect of the program, not of your cluster: please report it with the command that was run',
  })
}

/** What is reported of an optional action that failed, on one line. */
export function failureText({ step, error }: Ended<Action>['failed'][number]): string {
  return `${stepInfo(step).title}: ${error.message.replaceAll('\n', '; ')}`
}

/** Reports a plan and runs it, as `runWithEvents` does. */
export async function runPlan(
  plan: Plan,
  parts: RunParts,
  options: Pick<RunOptions, 'signal' | 'abort'>,
  emit: Emit,
): Promise<Ended<Action>> {
  const context = { ...ABSENT, ...parts }
  const work: Work<Action> = {
    steps: plan.actions,
    windows: plan.windows,
    info: stepInfo,
    run: (action, step) => runAction(action, { ...context, ...step }),
  }
  return runWithEvents(work, options, emit)
}
