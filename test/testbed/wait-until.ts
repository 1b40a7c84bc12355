import { setTimeout as delay } from 'node:timers/promises'
import { DeadlineError } from '../../src/errors.ts'

/**
 * Asks again and again, after 50 ms at first and at most 1 s later, until `ready` returns true. Past the
 * deadline it fails and says what it waited for. An error of `ready` itself ends the wait at once.
 */
export async function waitUntil(
  what: string,
  ready: () => Promise<boolean>,
  deadlineMs: number,
  hint?: string,
): Promise<void> {
  const until = Date.now() + deadlineMs
  for (let pause = 50; !(await ready()); pause = Math.min(pause * 1.5, 1000)) {
    if (Date.now() > until) {
      throw new DeadlineError(`waited ${deadlineMs / 1000} s for ${what}`, hint === undefined ? {} : { hint })
    }
    await delay(pause)
  }
}
