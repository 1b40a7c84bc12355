import { describe, expect, test } from 'vitest'
import { errorOf, oneNode, stored } from './one-node.ts'
import { acceptedByRke, refusedByRke } from './yaml-rules.ts'

/** The value at `a.b.1`; `~` stands for a point in a key. */
const at = (root: unknown, place: string): unknown =>
  place
    .split('.')
    .map((step) => step.replaceAll('~', '.'))
    .reduce<unknown>((value, step) => (value instanceof Object ? Reflect.get(value, step) : undefined), root)

describe('RKE reads', () => {
  test.each(acceptedByRke)('%s: %j', (_, keys, place, value) => {
    expect(at(stored(oneNode(keys)), place)).toEqual(value)
  })
})

describe('RKE refuses', () => {
  test.each(refusedByRke)('%s: %j', (_, keys, message) => {
    expect(errorOf(oneNode(keys))).toMatch(message)
  })
})
