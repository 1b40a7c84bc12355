import { type RkeError, toRkeError } from '../errors.ts'
import type { Emit, StepInfo } from './events.ts'
import { Slots } from './slots.ts'
import type { Step, Windows } from './step.ts'

export interface StepContext {
  /** Aborted when the run must end at once; for interruptible steps also when the run is being stopped. */
  readonly signal: AbortSignal
  readonly progress: (text: string, bytes?: { readonly done: number; readonly total: number }) => void
}

export interface EngineOptions<S extends Step> {
  readonly steps: readonly S[]
  readonly windows?: Windows
  readonly info: (step: S) => StepInfo
  readonly run: (step: S, context: StepContext) => Promise<void>
  readonly emit: Emit
  /** Aborted: start nothing new, let what runs finish. */
  readonly stop?: AbortSignal
  /** Aborted: end what runs, too. */
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
 * Runs steps in the order that their `after` asks for, as many at once as nodes and windows have room for.
 * A failed step stops what depends on it and nothing else. Never rejects: failures are in the outcome.
 */
export async function runSteps<S extends Step>(options: EngineOptions<S>): Promise<Outcome<S>> {
  const { steps, emit, stop, abort } = options
  const clock = options.clock ?? (() => performance.now())
  const slots = new Slots(steps, options.windows ?? {})
  const known = new Set(steps.map((step) => step.id))
  const finished = new Set<string>()
  const lost = new Map<string, string>()
  const pending = new Set(steps)
  const running = new Set<Promise<void>>()
  const done: S[] = []
  const failed: { step: S; error: RkeError }[] = []
  const skipped: S[] = []
  const stopping = (): boolean => stop?.aborted === true || abort?.aborted === true

  const skip = (step: S, because: string): void => {
    pending.delete(step)
    skipped.push(step)
    lost.set(step.id, options.info(step).title)
    slots.close(step)
    emit({ type: 'skipped', step: options.info(step), because })
  }

  const start = (step: S): void => {
    pending.delete(step)
    slots.take(step)
    const info = options.info(step)
    const began = clock()
    const signals = [abort, step.interruptible ? stop : undefined].filter((signal) => signal !== undefined)
    const context: StepContext = {
      signal: AbortSignal.any(signals),
      progress: (text, bytes) => emit({ type: 'progress', step: info, text, ...(bytes && { bytes }) }),
    }
    emit({ type: 'started', step: info })
    const attempt = Promise.resolve()
      .then(() => options.run(step, context))
      .then(
        () => {
          finished.add(step.id)
          done.push(step)
          slots.release(step, false)
          emit({ type: 'done', step: info, milliseconds: clock() - began })
        },
        (thrown: unknown) => {
          const error = toRkeError(thrown, step.node === undefined ? {} : { host: step.node })
          slots.release(step, true)
          if (stopping() && step.interruptible) {
            skipped.push(step)
            lost.set(step.id, info.title)
            emit({ type: 'skipped', step: info, because: 'the run was stopped' })
            return
          }
          failed.push({ step, error })
          lost.set(step.id, info.title)
          emit({ type: 'failed', step: info, error, milliseconds: clock() - began })
        },
      )
      .finally(() => running.delete(attempt))
    running.add(attempt)
  }

  const startAllThatMay = (): void => {
    for (const step of pending) {
      const blocker = step.after.find((id) => lost.has(id))
      if (blocker !== undefined) skip(step, `it needs "${lost.get(blocker)}"`)
      else if (stopping()) skip(step, 'the run was stopped')
      else if (step.after.every((id) => finished.has(id) || !known.has(id)) && slots.hasRoom(step))
        start(step)
    }
  }

  startAllThatMay()
  while (running.size > 0) {
    await Promise.race(running)
    startAllThatMay()
  }
  // What is left waits for a place that a failed node keeps, or for a later step of its own circle.
  for (const step of [...pending]) skip(step, 'too many nodes of its group have failed')
  return { done, failed, skipped, stopped: stopping() }
}
