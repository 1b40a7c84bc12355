import { type EngineOptions, type Outcome, runSteps } from '../../engine/engine.ts'
import type { Emit } from '../../engine/events.ts'
import type { Step } from '../../engine/step.ts'
import type { RunOptions } from '../deps.ts'
import { throwUnlessDone } from './outcome.ts'

/** Steps, their titles, and how they are run. */
export type Work<S extends Step> = Pick<EngineOptions<S>, 'steps' | 'windows' | 'info' | 'run'>

/** A run that came to its end. */
export interface Ended<S extends Step> {
  /** Number of steps done. */
  readonly done: number
  /** Optional steps that failed. */
  readonly failed: Outcome<S>['failed']
}

/**
 * Announces steps and runs them. Rejects, after everything that could be done was done, with the failures, or with a
 * `CancelledError` if the run was stopped before the end.
 */
export async function runWithEvents<S extends Step>(
  work: Work<S>,
  { signal, abort }: Pick<RunOptions, 'signal' | 'abort'>,
  emit: Emit,
): Promise<Ended<S>> {
  emit({ type: 'planned', steps: work.steps.map(work.info) })
  const outcome = await runSteps({
    ...work,
    emit,
    ...(signal && { stop: signal }),
    ...(abort && { abort }),
  })
  throwUnlessDone(outcome)
  return { done: outcome.done.length, failed: outcome.failed }
}
