import { setTimeout as sleep } from 'node:timers/promises'

/** The clock for waits; tests replace it. */
export interface Time {
  /** Resolves after that many milliseconds; rejects with the signal's reason if that comes first. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>
  /** Aborted after that many milliseconds, which may exceed the limit of a timer. */
  limit(milliseconds: number): AbortSignal
}

/** The longest timer of Node, some 24.8 days; a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1

export const realTime: Time = {
  pause: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
  limit: (milliseconds) => AbortSignal.timeout(Math.min(Math.max(milliseconds, 0), LONGEST_MS)),
}
