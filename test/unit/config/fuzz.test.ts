import { expect, test } from 'vitest'
import { fuzz } from './fuzz.ts'

// More of them: `node test/unit/config/fuzz.ts 10000`.
test('whatever happens to a cluster file, the answer is a configuration or an error with its places', () => {
  expect(fuzz(2500, 1)).toBeUndefined()
})
