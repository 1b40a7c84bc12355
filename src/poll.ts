import { CancelledError, DeadlineError } from './errors.ts'
import { realTime, type Time } from './time.ts'

/** The result of one check: the value, or why it is not there yet. */
export type Look<T> = { readonly done: T } | { readonly waiting: string }

export interface PollOptions {
  /** What is waited for, for messages: `etcd on 10.0.0.1 to become healthy`. */
  readonly what: string
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
  /** Pause before the second check, 100 ms by default; it grows by half each time. */
  readonly firstPauseMs?: number
  /** Longest pause, 1 s by default. */
  readonly maxPauseMs?: number
  /** Called after each unsuccessful check, with its reason. */
  readonly onWait?: ((reason: string) => void) | undefined
  /** Address of the node, for the error. */
  readonly host?: string | undefined
  /** Hint of the error after the deadline. */
  readonly hint?: string | undefined
  /** Default: the machine's clock. */
  readonly time?: Time | undefined
}

/**
 * Polls, soon at first and then at most once a second, until `look` returns a value. `look` gets a signal that aborts
 * at the deadline. An error that it throws ends the wait; after the deadline a `DeadlineError` has the last reason.
 */
export async function poll<T>(
  options: PollOptions,
  look: (signal: AbortSignal) => Promise<Look<T>>,
): Promise<T> {
  const { what, deadlineMs, signal, firstPauseMs = 100, maxPauseMs = 1000, time = realTime } = options
  const deadline = time.limit(deadlineMs)
  const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline])
  let reason = 'no answer yet'
  try {
    for (let pause = firstPauseMs; ; pause = Math.min(pause * 1.5, maxPauseMs)) {
      either.throwIfAborted()
      const seen = await look(either)
      if ('done' in seen) return seen.done
      reason = seen.waiting
      options.onWait?.(reason)
      await time.pause(pause, either)
    }
  } catch (thrown) {
    if (signal?.aborted) throw new CancelledError(`stopped while waiting for ${what}`, { cause: thrown })
    if (!deadline.aborted) throw thrown
    throw new DeadlineError(`waited ${seconds(deadlineMs)} for ${what}: ${reason}`, {
      ...(options.host === undefined ? {} : { host: options.host }),
      ...(options.hint === undefined ? {} : { hint: options.hint }),
    })
  }
}

/** `45 s`, or `0.3 s` below one second. */
export function seconds(ms: number): string {
  return `${ms < 1000 ? (ms / 1000).toFixed(1) : Math.round(ms / 1000)} s`
}
