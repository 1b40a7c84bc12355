import { describe, expect, test } from 'vitest'
import { redactor } from '../../../src/config/secrets/redactor.ts'
import { secondsOf } from '../cpu-time.ts'

const byLength = (values: readonly string[]) => [...values].sort((a, b) => b.length - a.length)

describe('secrets in a text', () => {
  test.each([
    [['hunter2!'], 'login with hunter2! failed', 'login with [secret] failed'],
    [['hunter2!'], 'hunter2!', '[secret]'],
    [['hunter2!'], 'nothing here', 'nothing here'],
    [['hunter2!'], 'a hunter2! and hunter2!', 'a [secret] and [secret]'],
    [['abcd', 'abcdef'], 'x abcdef x', 'x [secret] x'],
    [['abcd', 'cdef'], 'x abcdef x', 'x [secret] x'],
    [['abcd', 'bcde'], 'abcdeabcd', '[secret]'],
    [['abcd'], 'abc', 'abc'],
    [[], 'abcd', 'abcd'],
  ])('%j are taken out of %j, also where they overlap', (values, text, shown) => {
    expect(redactor(byLength(values))(text)).toBe(shown)
  })

  test('cost the same however many there are', () => {
    const many = Array.from({ length: 30_000 }, (_, index) => `${index}-secret-line-of-a-key`)
    const hide = redactor(byLength(many))
    const text = 'pull image rancher/hyperkube:v1.30.4-rancher1 on 10.0.0.1 '.repeat(20)
    const seconds = secondsOf(() => {
      for (let round = 0; round < 100; round++) hide(text)
    })
    expect(seconds).toBeLessThan(2)
    expect(hide(`${text}29999-secret-line-of-a-key`)).toBe(`${text}[secret]`)
  })
})
