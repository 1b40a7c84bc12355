import type { StepContext } from '../../engine/engine.ts'
import type { Emit, StepInfo } from '../../engine/events.ts'
import type { Step, Windows } from '../../engine/step.ts'
import type { Reason } from '../../plan/model/reason.ts'
import { reasonText } from '../../reason-text.ts'
import type { RunOptions } from '../../session/deps.ts'
import { runWithEvents } from '../../session/run/run-with-events.ts'

/** Something to do with images on one machine. */
export interface ImageStep extends Step {
  readonly node: string
  /** What it does, for people. */
  readonly title: string
  readonly because: readonly Reason[]
  readonly run: (context: StepContext) => Promise<void>
}

const info = ({ id, kind, node, title, because }: ImageStep): StepInfo => ({
  ...{ id, kind, node, title },
  because: because.map(reasonText),
  reasons: because,
})

/** Announces steps and runs them, as `runWithEvents` does. */
export async function runImageSteps(
  steps: readonly ImageStep[],
  options: Pick<RunOptions, 'signal' | 'abort'>,
  emit: Emit,
  windows: Windows = {},
): Promise<void> {
  await runWithEvents({ steps, windows, info, run: (step, context) => step.run(context) }, options, emit)
}
