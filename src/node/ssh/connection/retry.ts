import { CancelledError, ConnectionError, type ConnectionFailure } from '../../../errors.ts'
import type { Time } from '../../../time.ts'

/** Milliseconds to wait before the second, third, … attempt. */
const BACKOFF_MS = [300, 1000, 2000] as const

/**
 * Failures that may be temporary: a server that is just starting, or one that drops connections because of too many
 * at once. Wrong keys and names are permanent, and a timeout has waited already.
 */
const TRANSIENT: readonly ConnectionFailure[] = ['refused', 'closed', 'other']

/** Runs `attempt` up to four times while it fails with a transient `ConnectionError`. */
export async function withRetries<T>(attempt: () => Promise<T>, signal: AbortSignal, time: Time): Promise<T> {
  for (const pause of BACKOFF_MS) {
    try {
      return await attempt()
    } catch (error) {
      if (!isTransient(error)) throw error
    }
    await time.pause(pause, signal).catch(() => {
      throw new CancelledError('connecting was cancelled')
    })
  }
  return await attempt()
}

function isTransient(error: unknown): boolean {
  return error instanceof ConnectionError && TRANSIENT.includes(error.kind)
}
