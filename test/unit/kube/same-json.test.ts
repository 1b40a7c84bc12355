import { expect, test } from 'vitest'
import { sameJson } from '../../../src/kube/objects/same-json.ts'

test('texts that say the same are the same whatever their layout', () => {
  expect(sameJson('{"a":1,"b":[2]}', '{ "b": [2], "a": 1 }')).toBe(true)
  expect(sameJson('{"a":1}', '{"a":2}')).toBe(false)
})

test('a text that cannot be read is like no other', () => {
  expect(sameJson('{"a":', '{"a":1}')).toBe(false)
})
