import { setTimeout as sleep } from 'node:timers/promises'

/** How waiting is done: by the machine's clock, or by another one where hours must pass in a moment. */
export interface Time {
  /** Resolves after so many milliseconds; rejects with the signal's reason if that comes first. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>
  /** Aborted after so many milliseconds. */
  limit(milliseconds: number): AbortSignal
}

export const realTime: Time = {
  pause: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
  limit: (milliseconds) => AbortSignal.timeout(milliseconds),
}
