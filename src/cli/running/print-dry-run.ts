import type { Planned } from '../../operations/results.ts'
import { CHANGES, DONE } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import { planJson } from '../output/plan-json.ts'
import { planText } from '../output/plan-text.ts'
import type { Flags } from '../parsing/flags.ts'
import type { Following } from './follow.ts'

/** How a plan is written. */
interface PlanForms<P extends Planned> {
  readonly text: (planned: P, command: string) => string
  readonly json: (planned: P) => string
}

const USUAL: PlanForms<Planned> = {
  text: ({ steps }, command) => planText(steps, command),
  json: (planned) => planJson(planned),
}

/**
 * Prints the plan of a dry run on standard output, as text or JSON.
 * @param command what does what is planned, as it is typed
 * @returns the exit code: whether there is something to do.
 */
export function printDryRun<P extends Planned>(
  planned: P,
  command: string,
  flags: Flags,
  io: Io,
  { renderer }: Pick<Following, 'renderer'>,
  { text, json }: PlanForms<P> = USUAL,
): number {
  renderer.end()
  io.stdout.write(flags.text('output') === 'json' ? json(planned) : text(planned, command))
  return planned.steps.length === 0 ? DONE : CHANGES
}
