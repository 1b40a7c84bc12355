import { randomNumbers } from '../operations/random.ts'
import { playSequence } from './sequence.ts'

/** A sequence that did not end well, with its story. */
export interface Failure {
  readonly seed: number
  readonly story: string
}

/** Sequences by their seeds: `count` of them from `first` on, each `step` after the one before. */
export interface Seeds {
  readonly first: number
  readonly count: number
  readonly step: number
}

/** One failure tells little of others: a few are told. */
const MOST_FAILURES = 3

/** Plays sequences one after the other, and gives the first that fail. */
export async function failuresAmong({ first, count, step }: Seeds): Promise<readonly Failure[]> {
  const failures: Failure[] = []
  for (let index = 0; index < count && failures.length < MOST_FAILURES; index++) {
    const seed = first + index * step
    const { lines, violations } = await playSequence(randomNumbers(seed))
    if (violations.length === 0) continue
    const story = [`RKE_TEST_SEED=${seed}`, ...lines, ...violations.map((one) => `! ${one}`)].join('\n')
    failures.push({ seed, story })
  }
  return failures
}

/** The first of failures that several players found, each the first of its own sequences. */
export function firstOf(found: readonly (readonly Failure[])[]): readonly Failure[] {
  return found
    .flat()
    .sort((a, b) => a.seed - b.seed)
    .slice(0, MOST_FAILURES)
}
