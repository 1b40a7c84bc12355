import { expect, test } from 'vitest'
import { timesLines, wholeTimes } from '../../runner/times.ts'

test('each stage and all of them are listed with their limits', () => {
  const times = [
    { title: 'unit tests', seconds: 95.4, limitMinutes: 10 },
    { title: 'testbed', seconds: 1500, limitMinutes: 45, prepares: true },
  ]
  expect(timesLines([...times, ...wholeTimes(times)])).toEqual([
    'unit tests   1:35 of 10:00',
    'testbed     25:00 of 45:00',
    'tests        1:35 of 30:00',
    'together    26:35 of 65:00',
  ])
})

test('a stage near its limit has a warning, as have all of them together', () => {
  const times = [
    { title: 'end-to-end', seconds: 33 * 60, limitMinutes: 40 },
    { title: 'unit tests', seconds: 11 * 60, limitMinutes: 10 },
  ]
  expect(timesLines([...times, ...wholeTimes(times)]).map((line) => line.split('   WARNING: ')[1])).toEqual([
    '82 % of the limit',
    'over the limit',
    'over the limit',
    undefined,
  ])
})
