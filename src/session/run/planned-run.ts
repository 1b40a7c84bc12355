import { stepInfo } from '../../actions/actions.ts'
import type { StepInfo } from '../../engine/events.ts'
import type { Run } from '../../engine/run.ts'
import { CancelledError } from '../../errors.ts'
import type { Planned } from '../../operations/results.ts'
import type { Plan } from '../../plan/model/plan.ts'
import type { Deps, RunOptions } from '../deps.ts'
import { exclusively } from '../state/exclusively.ts'
import { type Operation, type RunScope, startRedactedRun, stepWithoutSecrets } from './redacted-run.ts'

/** Options of an operation whose plan can be seen before it is done. */
export interface PlanFirst<P extends Planned = Planned> {
  /** Plan, and change nothing. Default: false. */
  readonly dryRun?: boolean
  /** Asked with the plan before anything is changed; anything but `true` ends the run with a `CancelledError`. Default: go on. */
  readonly confirm?: (planned: P) => Promise<boolean>
}

/**
 * Starts the run of an operation that plans, has its plan confirmed, and does it. Under the lock of the state, which a dry run
 * does not take.
 * @param command what holds the lock, as it is typed: `rke etcd recover`
 */
export function startPlannedRun<T, O extends RunOptions & Pick<PlanFirst, 'dryRun'>>(
  command: string,
  deps: Deps,
  options: O,
  work: (operation: Operation & { readonly options: O }) => Promise<T>,
): Run<T> {
  return startRedactedRun(deps, options, (scope) => {
    const run = (): Promise<T> => work({ ...scope, deps, options })
    return options.dryRun ? run() : exclusively(deps.store, command, options.signal, run)
  })
}

/** The steps of a plan as they may be shown. */
export function shownSteps({ actions }: Plan, { hide }: Pick<RunScope, 'hide'>): readonly StepInfo[] {
  return actions.map((action) => stepWithoutSecrets(stepInfo(action), hide))
}

/**
 * Whether a plan is to be done now. That of a dry run is not, and is reported; where there is something to do, `confirm` is asked.
 * @param refusal what did not happen if the answer is no: `the snapshot was not restored`
 * @throws CancelledError if the answer is no.
 */
export async function isToBeDone<P extends Planned>(
  planned: P,
  { dryRun, confirm }: PlanFirst<P>,
  { emit }: Pick<RunScope, 'emit'>,
  refusal: string,
): Promise<boolean> {
  const { steps } = planned
  if (dryRun) {
    emit({ type: 'planned', steps })
    return false
  }
  if (steps.length > 0 && confirm !== undefined && (await confirm(planned)) !== true) {
    throw new CancelledError(refusal, { untouched: true })
  }
  return true
}
