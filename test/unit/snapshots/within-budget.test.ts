import { expect, test } from 'vitest'
import { withinBudget } from '../../../src/snapshots/within-budget.ts'

const listed = [40, 100, 500, 30].map((databaseBytes, day) => ({
  file: { modified: new Date(Date.UTC(2024, 0, day + 1)), databaseBytes },
}))
const [first, second, , fourth] = listed

test('the newest snapshots are read, and one that is too large keeps none of the others from it', () => {
  expect(withinBudget(listed, 135)).toEqual([second, fourth])
  expect(withinBudget(listed, 170)).toEqual([first, second, fourth])
  expect(withinBudget(listed, 0)).toEqual([])
  expect(withinBudget(listed, Number.POSITIVE_INFINITY)).toEqual(listed)
})
