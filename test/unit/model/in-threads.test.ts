import { expect, test } from 'vitest'
import { firstOf } from './failures.ts'
import { sharesOf } from './in-threads.ts'

test('threads play every sequence once', () => {
  const played = sharesOf(1000, 10, 3).flatMap(({ first, count, step }) =>
    Array.from({ length: count }, (_, index) => first + index * step),
  )
  expect(played.sort()).toEqual([1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009])
})

test('the same failures are told, however many threads found them', () => {
  const all = [3, 4, 8, 11, 12].map((seed) => ({ seed, story: '' }))
  const of = (...seeds: number[]) => all.filter(({ seed }) => seeds.includes(seed))
  expect(firstOf([all])).toEqual(of(3, 4, 8))
  expect(firstOf([of(4, 8, 12), of(3, 11)])).toEqual(of(3, 4, 8))
})
