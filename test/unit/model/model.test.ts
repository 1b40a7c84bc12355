import { expect, test } from 'vitest'
import { seed } from '../operations/random.ts'
import { playAll } from './in-threads.ts'

const { RKE_TEST_SEED, RKE_TEST_SEQUENCES } = process.env
const count = Number(RKE_TEST_SEQUENCES ?? 200)
/** A long run without a seed begins where none began before. */
const first =
  RKE_TEST_SEED === undefined && RKE_TEST_SEQUENCES !== undefined
    ? Math.floor(Math.random() * 1_000_000)
    : seed

test(`${count} clusters changed, damaged and repaired at random become what they should be (seed ${first})`, async () => {
  const failures = await playAll(first, count)
  expect(failures.map(({ story }) => story).join('\n\n')).toBe('')
}, 0)
