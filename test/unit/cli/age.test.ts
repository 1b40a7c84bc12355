import { expect, test } from 'vitest'
import { parseAge } from '../../../src/cli/parsing/age.ts'

const HOUR = 3_600_000

test.each([
  ['90m', 1.5 * HOUR],
  ['12h', 12 * HOUR],
  ['30d', 720 * HOUR],
  ['1d12h', 36 * HOUR],
  ['2w', 336 * HOUR],
])('%s is an age', (text, age) => {
  expect(parseAge(text)).toBe(age)
})

test.each(['', '0d', '30', 'd', '-1d', '1.5d', '30 d', '30D', '1y', `${'9'.repeat(30)}d`])(
  '"%s" is none',
  (text) => {
    expect(parseAge(text)).toBeUndefined()
  },
)
