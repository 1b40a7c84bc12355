import { type EngineOptions, runSteps } from '../engine/engine.ts'
import type { Emit } from '../engine/events.ts'
import type { Step } from '../engine/step.ts'
import type { RunOptions } from './deps.ts'
import { throwUnlessDone } from './outcome.ts'

/** Steps, and how each is told and done. */
export type Work<S extends Step> = Pick<EngineOptions<S>, 'steps' | 'windows' | 'info' | 'run'>

/**
 * Tells of steps and runs them. Resolves to the number of steps done; rejects, after everything that could be done
 * was done, with what failed, or with a `CancelledError` if the run was stopped before the end.
 */
export async function runTold<S extends Step>(
  work: Work<S>,
  { signal, abort }: Pick<RunOptions, 'signal' | 'abort'>,
  emit: Emit,
): Promise<number> {
  emit({ type: 'planned', steps: work.steps.map(work.info) })
  const outcome = await runSteps({
    ...work,
    emit,
    ...(signal && { stop: signal }),
    ...(abort && { abort }),
  })
  throwUnlessDone(outcome)
  return outcome.done.length
}
