import { runSteps, type StepContext } from '../engine/engine.ts'
import type { Emit, StepInfo } from '../engine/events.ts'
import type { Step, Windows } from '../engine/step.ts'
import type { RunOptions } from './deps.ts'
import { throwUnlessDone } from './outcome.ts'

/** Something to do with images on one machine. */
export interface ImageStep extends Step, Omit<StepInfo, 'id' | 'kind' | 'node'> {
  readonly node: string
  readonly run: (context: StepContext) => Promise<void>
}

const info = ({ id, kind, node, title, because }: ImageStep): StepInfo => ({ id, kind, node, title, because })

/** Tells of steps and runs them. Rejects, after everything that could be done was done, with what failed. */
export async function runImageSteps(
  steps: readonly ImageStep[],
  { signal, abort }: Pick<RunOptions, 'signal' | 'abort'>,
  emit: Emit,
  windows: Windows = {},
): Promise<void> {
  emit({ type: 'planned', steps: steps.map(info) })
  const outcome = await runSteps<ImageStep>({
    steps,
    windows,
    info,
    run: (step, context) => step.run(context),
    emit,
    ...(signal && { stop: signal }),
    ...(abort && { abort }),
  })
  throwUnlessDone(outcome)
}
