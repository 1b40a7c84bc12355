import { expect, test } from 'vitest'
import { randomNumbers, seed } from '../operations/random.ts'
import { playSequence } from './sequence.ts'

const { RKE_TEST_SEED, RKE_TEST_SEQUENCES } = process.env
const count = Number(RKE_TEST_SEQUENCES ?? 50)
/** A long run without a seed begins where none began before. */
const first =
  RKE_TEST_SEED === undefined && RKE_TEST_SEQUENCES !== undefined
    ? Math.floor(Math.random() * 1_000_000)
    : seed
/** One failure tells little of others: a few are told. */
const MOST_FAILURES = 3

test(`${count} clusters changed, damaged and mended at random become what they should be (seed ${first})`, async () => {
  const failed: string[] = []
  for (let number = first; number < first + count && failed.length < MOST_FAILURES; number++) {
    const { lines, violations } = await playSequence(randomNumbers(number))
    if (violations.length === 0) continue
    const story = [`RKE_TEST_SEED=${number}`, ...lines, ...violations.map((one) => `! ${one}`)]
    failed.push(story.join('\n'))
  }
  expect(failed.join('\n\n')).toBe('')
}, 0)
