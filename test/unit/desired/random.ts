/** Choices that follow from a seed, so that a failure can be seen again. */
export interface Choices {
  /** An integer from 0 up to, but not including, `limit`. */
  below(limit: number): number
  /** True once in `times`. */
  rarely(times: number): boolean
  oneOf<T>(values: readonly [T, ...T[]]): T
  /** Some of the values, in their order. */
  some<T>(values: readonly T[]): readonly T[]
  /** The same values in another order. */
  shuffled<T>(values: readonly T[]): readonly T[]
}

/** mulberry32: a few lines, and good enough to pick options with. */
export function choices(seed: number): Choices {
  let state = seed
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
  return {
    below,
    rarely: (times) => below(times) === 0,
    oneOf: (values) => values[below(values.length)] ?? values[0],
    some: (values) => values.filter(() => below(2) === 0),
    shuffled: (values) =>
      values
        .map((value) => ({ value, rank: below(1 << 30) }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ value }) => value),
  }
}
