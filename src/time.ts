import { setTimeout as sleep } from 'node:timers/promises'

/** How waiting is done: by the machine's clock, or by another one where hours must pass in a moment. */
export interface Time {
  /** Resolves after so many milliseconds; rejects with the signal's reason if that comes first. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>
  /** Aborted after so many milliseconds, of which there may be any number: users choose some of them. */
  limit(milliseconds: number): AbortSignal
}

/** The longest that a timer of Node waits, some 24.8 days; a longer one ends at once. */
const LONGEST_MS = 2 ** 31 - 1

export const realTime: Time = {
  pause: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
  limit: (milliseconds) => AbortSignal.timeout(Math.min(Math.max(milliseconds, 0), LONGEST_MS)),
}
