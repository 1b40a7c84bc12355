import { expect, test } from 'vitest'
import { keyValueLine, localTime } from '../../../../src/cli/output/log-line.ts'

const time = new Date('2024-10-07T07:15:02.900Z')

test('times are local, in whole seconds, with their offset', () => {
  expect(localTime(time)).toMatch(/^2024-10-0\dT\d\d:\d\d:02(Z|[+-]\d\d:\d\d)$/)
  expect(new Date(localTime(time)).getTime()).toBe(time.getTime() - 900)
})

test.each([
  ['plain', 'msg=plain'],
  ['a/b@c^d+e_f.g-1', 'msg=a/b@c^d+e_f.g-1'],
  ['', 'msg=""'],
  ['two words', 'msg="two words"'],
  ['say "no"\\', 'msg="say \\"no\\"\\\\"'],
  ['one\ntwo\tthree\u0007', 'msg="one\\ntwo\\tthree\\x07"'],
  ['ends here\n', 'msg="ends here"'],
])('%j is written %s', (message, expected) => {
  expect(keyValueLine('info', message, time)).toMatch(/^time="[^"]+" level=info /)
  expect(keyValueLine('info', message, time).split('level=info ')[1]).toBe(expected)
})
