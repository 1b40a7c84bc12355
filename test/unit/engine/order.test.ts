import { describe, expect, it } from 'vitest'
import { inOrder } from '../../../src/engine/order.ts'
import { PlanRefusedError } from '../../../src/errors.ts'

const step = (id: string, after: string[] = []) => ({ id, kind: 'test', after })

describe('inOrder', () => {
  it('puts every step after those it waits for, and otherwise keeps the given order', () => {
    const ordered = inOrder([step('c', ['b']), step('a'), step('b', ['a']), step('d')])
    expect(ordered.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('refuses steps that wait for each other in a circle', () => {
    expect(() => inOrder([step('a', ['b']), step('b', ['a'])])).toThrow(PlanRefusedError)
  })
})
