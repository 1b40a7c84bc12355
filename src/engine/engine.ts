import { type RkeError, toRkeError } from '../errors.ts'
import type { Emit, StepInfo } from './events.ts'
import type { Step, Windows } from './step.ts'
import { StepLimits } from './step-limits.ts'
import { Waiting } from './waiting.ts'

export interface StepContext {
  /** Aborted when the run is terminated; for interruptible steps also when it is being stopped. */
  readonly signal: AbortSignal
  readonly progress: (text: string, bytes?: { readonly done: number; readonly total: number }) => void
}

export interface EngineOptions<S extends Step> {
  readonly steps: readonly S[]
  readonly windows?: Windows
  readonly info: (step: S) => StepInfo
  readonly run: (step: S, context: StepContext) => Promise<void>
  readonly emit: Emit
  /** Aborted: start no new step, let running steps finish. */
  readonly stop?: AbortSignal
  /** Aborted: terminate running steps, too. */
  readonly abort?: AbortSignal
  /** Milliseconds, monotonic. */
  readonly clock?: () => number
}

export interface Outcome<S extends Step> {
  readonly done: readonly S[]
  readonly failed: readonly { readonly step: S; readonly error: RkeError }[]
  readonly skipped: readonly S[]
  readonly stopped: boolean
}

/**
 * Runs steps in the order given by `after`, as many in parallel as nodes and windows allow. A failed step skips its
 * dependents and nothing else; an optional one skips none. Never rejects: failures are in the outcome.
 */
export async function runSteps<S extends Step>(options: EngineOptions<S>): Promise<Outcome<S>> {
  const { steps, emit, stop, abort } = options
  const clock = options.clock ?? (() => performance.now())
  const limits = new StepLimits(steps, options.windows ?? {})
  const waiting = new Waiting(steps)
  const lost = new Map<string, StepInfo>()
  let isSomethingLost = false
  const pending = new Set(steps)
  let running = 0
  let wake = (): void => {}
  const done: S[] = []
  const failed: { step: S; error: RkeError }[] = []
  const skipped: S[] = []
  const stopping = (): boolean => stop?.aborted === true || abort?.aborted === true

  const lose = (step: S): void => {
    lost.set(step.id, options.info(step))
    isSomethingLost = true
  }

  const skip = (step: S, because: string): void => {
    pending.delete(step)
    waiting.drop(step)
    skipped.push(step)
    lose(step)
    limits.close(step)
    emit({ type: 'skipped', step: options.info(step), because })
  }

  const start = (step: S): void => {
    pending.delete(step)
    waiting.drop(step)
    limits.take(step)
    running += 1
    const info = options.info(step)
    const began = clock()
    const signals = [abort, step.interruptible ? stop : undefined].filter((signal) => signal !== undefined)
    const context: StepContext = {
      signal: AbortSignal.any(signals),
      progress: (text, bytes) => emit({ type: 'progress', step: info, text, ...(bytes && { bytes }) }),
    }
    emit({ type: 'started', step: info })
    void Promise.resolve()
      .then(() => options.run(step, context))
      .then(
        () => {
          waiting.finished(step)
          done.push(step)
          limits.release(step, false)
          emit({ type: 'done', step: info, milliseconds: clock() - began })
        },
        (thrown: unknown) => {
          const error = toRkeError(thrown, step.node === undefined ? {} : { host: step.node })
          limits.release(step, !step.optional)
          if (stopping() && step.interruptible) {
            skipped.push(step)
            lose(step)
            emit({ type: 'skipped', step: info, because: 'the run was stopped' })
            return
          }
          failed.push({ step, error })
          if (step.optional) waiting.finished(step)
          else lose(step)
          emit({ type: 'failed', step: info, error, milliseconds: clock() - began })
        },
      )
      .finally(() => {
        running -= 1
        wake()
      })
  }

  /** Skips steps whose dependencies failed, and all waiting steps once the run is being stopped. */
  const skipAllThatCannot = (): void => {
    if (!isSomethingLost && !stopping()) return
    isSomethingLost = false
    for (const step of pending) {
      const blocker = step.after.map((id) => lost.get(id)).find((info) => info !== undefined)
      if (blocker !== undefined) skip(step, needs(blocker, step))
      else if (stopping()) skip(step, 'the run was stopped')
    }
  }

  const startAllThatMay = (): void => {
    skipAllThatCannot()
    for (const step of waiting.ready) if (limits.hasRoom(step)) start(step)
  }

  startAllThatMay()
  while (running > 0) {
    await new Promise<void>((resolve) => {
      wake = resolve
    })
    startAllThatMay()
  }
  // The rest waits for a place in a window that a failed node keeps, or for itself.
  const because =
    failed.length === 0
      ? 'the steps that are left wait for each other'
      : 'too many nodes of its group have failed'
  for (const step of [...pending]) skip(step, because)
  return { done, failed, skipped, stopped: stopping() }
}

function needs({ title, node }: StepInfo, step: Step): string {
  const elsewhere = node === undefined || node === step.node ? '' : ` on host [${node}]`
  return `it needs "${title}"${elsewhere}`
}
