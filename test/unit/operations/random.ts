/** Numbers below a limit that follow from a seed (mulberry32). */
export function randomFrom(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}

/** Another seed for each run of the tests, or the one in the environment variable, to see a failure again. */
export const seed = Number(process.env.RKE_TEST_SEED ?? Math.floor(Math.random() * 1_000_000))
