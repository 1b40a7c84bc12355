import { MOMENTS, type Moment } from './crash.ts'

/**
 * The same points in each run of the tests, unless the environment variable names others: a rare failure must not
 * meet a change that it is not about.
 */
export const seed = Number(process.env.RKE_TEST_SEED ?? 1)

/** Numbers below a limit that follow from a seed (mulberry32). */
export function randomNumbers(from = seed): (limit: number) => number {
  let state = from
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}

export interface KillPoint {
  /** Which of the requests that write, from 1. */
  readonly number: number
  readonly moment: Moment
}

/** How many times as many kills as otherwise. */
const times = Number(process.env.RKE_TEST_KILLS ?? 1)

/** Random points in a run with so many requests that write. */
export function randomKills(count: number, writes: number): readonly KillPoint[] {
  const random = randomNumbers()
  return Array.from({ length: count * times }, () => ({
    number: 1 + random(writes),
    moment: MOMENTS[random(MOMENTS.length)] ?? 'after',
  }))
}
