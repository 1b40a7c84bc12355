import { setTimeout as sleep } from 'node:timers/promises'

/** The clock for waits; tests replace it. */
export interface Time {
  /** Resolves after that many milliseconds; rejects with the signal's reason if that comes first. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>
  /** Aborted after that many milliseconds, which may exceed the limit of a timer. */
  limit(milliseconds: number): AbortSignal
}

/** The moment, by the machine's clock. */
export const systemClock = (): Date => new Date()

/** Does something at each interval until the function that it answers is called; it alone keeps no program running. */
export function every(milliseconds: number, work: () => void): () => void {
  const timer = setInterval(work, milliseconds)
  timer.unref()
  return () => clearInterval(timer)
}

/** Does something after that many milliseconds, unless the function that it answers is called before. */
export function after(milliseconds: number, work: () => void): () => void {
  const timer = setTimeout(work, milliseconds)
  return () => clearTimeout(timer)
}

/** The longest timer of Node, some 24.8 days; a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1

export const realTime: Time = {
  pause: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
  limit: (milliseconds) => AbortSignal.timeout(Math.min(Math.max(milliseconds, 0), LONGEST_MS)),
}
