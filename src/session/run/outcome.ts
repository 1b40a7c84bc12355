import type { Outcome } from '../../engine/engine.ts'
import type { Step } from '../../engine/step.ts'
import { CancelledError, RkeError, RunFailedError } from '../../errors.ts'

/**
 * Throws what went wrong in a run: the one failure, all of them, or that it ended before all steps were begun. Failures of
 * optional steps alone are none.
 */
export function throwUnlessDone({ failed, skipped, stopped, done }: Outcome<Step>): void {
  const first = failed.find(({ step }) => !step.optional)
  if (first !== undefined) {
    if (failed.length === 1) throw first.error
    throw new RunFailedError(
      `${failed.length} steps failed, ${skipped.length} were not begun because of that, ${done.length} are done`,
      failed.map(({ error }) => error),
      { hint: 'fix the causes, then run the same command again: it continues with what is left' },
    )
  }
  if (skipped.length === 0) return
  if (stopped) {
    throw new CancelledError(`stopped: ${done.length} steps are done, ${skipped.length} are left`, {
      hint: 'run the same command again to continue',
    })
  }
  throw new RkeError(
    `${skipped.length} steps wait for each other and were not begun, ${done.length} are done`,
    {
      hint: 'this is a defect of the program: please report it with your cluster.yml; then run the same command again',
    },
  )
}
