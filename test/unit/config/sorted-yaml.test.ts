import { describe, expect, it } from 'vitest'
import { type Json, sortedYaml } from '../../../src/config/yaml/write/sorted-yaml.ts'

/** How a value reads behind its key. */
const written = (value: Json): string => sortedYaml({ k: value }).slice('k: '.length, -1)
const plain = (text: string): readonly [string, string] => [text, text]
const single = (text: string): readonly [string, string] => [text, `'${text.replaceAll("'", "''")}'`]
const double = (text: string): readonly [string, string] => [text, `"${text}"`]

describe('texts', () => {
  it.each([
    ['', '""'],
    ['a\tb', '"a\\tb"'],
    ['a \nb', '"a \\nb"'],
    ['\u0001x', '"\\x01x"'],
    ['a\nb ', '"a\\nb "'],
    ['a\r\nb', '"a\\r\\nb"'],
    ['"\t\\', '"\\"\\t\\\\"'],
    ['😀', '"\\U0001F600"'],
  ])('%j is escaped in double quotes', (text, yaml) => {
    expect(written(text)).toBe(yaml)
  })

  it.each([
    ['x\ny', '|-\n  x\n  y'],
    ['x\ny\n', '|\n  x\n  y'],
    ['x\n\n', '|+\n  x\n'],
    ['x\n\ny', '|-\n  x\n\n  y'],
    [' x\ny', '|2-\n   x\n  y'],
    ['\nx', '|2-\n\n  x'],
    ['\n', '|2+\n'],
    ['yes\nno', '|-\n  yes\n  no'],
  ])('%j is a literal block', (text, yaml) => {
    expect(written(text)).toBe(yaml)
  })

  it.each(
    [
      'null ~ yes No on off true TRUE y Y n N 1 -1 +1 00 017 08 0x1F 0o17 0b1 1_000 1:30 1:2:3 1.0 1. .5 1e3',
      '12e03 .inf -.INF .nan 2024-01-01 2024-1-2 2024-02-29 2024-01-01T00:00:00Z 18446744073709551615',
      '2024-01-01t1:2:3.5+01:00 99999999999999999999999',
    ]
      .flatMap((line) => line.split(' '))
      .concat('2024-01-01 10:00:00')
      .map(double),
  )('%j would be read as something else, so it is in double quotes', (text, yaml) => {
    expect(written(text)).toBe(yaml)
  })

  it.each(
    ['*', '&a', '!a', '%a', '@a', '`a', ',a', '[a', '{a', ']', '}', '#a', '|', '>', "'q'", '"q"']
      .concat(['-', '?', ':', '- a', '? a', ': a', 'a:', 'a: b', 'a #b', ' a', 'a ', '---', '...a'])
      .map(single),
  )('%j cannot stand plain, so it is in single quotes', (text, yaml) => {
    expect(written(text)).toBe(yaml)
  })

  it.each(
    ['a*', '/healthz*', 'system:nodes', '-a', '?a', ':a', 'a#b', 'a,b', "it's", 'a"b', '0b2', 'nan', '=']
      .concat(['<<', '~a', '1.2.3', '10.0.0.0/8', '::1', 'a=', 'a\\b', 'é', '中', '--', '_1', 'yEs', '1e999'])
      .concat(['2024-02-30', '2024-13-01', '24-01-01', '2024-01-01 10:00:00Z', '0x', '-0x8000000000000001'])
      .map(plain),
  )('%j stands plain', (text, yaml) => {
    expect(written(text)).toBe(yaml)
  })
})

describe('numbers and the rest', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [-17, '-17'],
    [20000, '20000'],
    [123456.789, '123456.789'],
    [1234567.5, '1.2345675e+06'],
    [1234567, '1234567'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1e19, '10000000000000000000'],
    [1e20, '1e+20'],
    [1e100, '1e+100'],
    [true, 'true'],
    [null, 'null'],
    [[], '[]'],
    [{}, '{}'],
    [{ gone: undefined }, '{}'],
  ])('%j reads %s', (value, yaml) => {
    expect(written(value)).toBe(yaml)
  })
})

describe('keys', () => {
  it('are sorted: other characters before letters, upper case before lower, digits by their number', () => {
    const keys = ['z10', 'apiVersion', 'a_b', 'Za', 'z9', '1', 'a-b', 'a', 'ab', 'z09', 'a100', 'a101']
    const text = sortedYaml(Object.fromEntries(keys.map((key) => [key, 0])))
    expect(text.match(/^[^:]+/gm)).toEqual([
      '"1"',
      'Za',
      'a',
      'a-b',
      'a_b',
      'a100',
      'a101',
      'ab',
      'apiVersion',
      'z9',
      'z09',
      'z10',
    ])
  })

  it('are quoted like values', () => {
    expect(sortedYaml({ y: 1, '*': 1, '2024-01-01': 1, 'a b': 1, '': 1, 'x\ny': 1 })).toBe(
      ['"": 1', "'*': 1", '"2024-01-01": 1', 'a b: 1', '"x\\ny": 1', '"y": 1', ''].join('\n'),
    )
  })

  it('are never broken', () => {
    const key = 'word '.repeat(24).trim()
    expect(sortedYaml({ [key]: 'a b' })).toBe(`${key}: a\n  b\n`)
  })
})

describe('nesting', () => {
  it('indents by two, with the dashes of a list in the column of its key', () => {
    expect(sortedYaml({ b: [[1, [2]], { y: [], x: [{ c: { d: 'e' } }] }], a: { b: { c: null } } })).toBe(
      `a:
  b:
    c: null
b:
- - 1
  - - 2
- x:
  - c:
      d: e
  "y": []
`,
    )
  })

  it('indents literal blocks below their key or dash', () => {
    expect(sortedYaml({ a: { b: 'x\ny\n', c: ['x\n\ny', 'z'] } })).toBe(
      'a:\n  b: |\n    x\n    y\n  c:\n  - |-\n    x\n\n    y\n  - z\n',
    )
  })
})

describe('long texts', () => {
  const words = (count: number): string => Array.from({ length: count }, () => 'word').join(' ')

  it('are broken at the first blank beyond column 80, and go on two columns right of their key', () => {
    expect(sortedYaml({ a: { key: words(20) } })).toBe(`a:\n  key: ${words(15)}\n    ${words(5)}\n`)
  })

  it('are not broken at column 80 itself', () => {
    const start = 'x'.repeat(80 - 'k: '.length)
    expect(written(`${start} b`)).toBe(`${start} b`)
    expect(written(`${start}x b`)).toBe(`${start}x\n  b`)
  })

  it('go on two columns right of the dash in a list', () => {
    expect(sortedYaml({ a: [words(20)] })).toBe(`a:\n- ${words(16)}\n  ${words(4)}\n`)
  })

  it('are not broken without blanks, or between two', () => {
    const start = 'x'.repeat(90)
    expect(written(`${start}yz`)).toBe(`${start}yz`)
    expect(written(`${start}  y`)).toBe(`${start}  y`)
    expect(written(`${start}: y`)).toBe(`'${start}:\n  y'`)
  })

  it('are broken in double quotes between two blanks, the second escaped', () => {
    const start = `\t${'x'.repeat(90)}`
    expect(written(`${start} y`)).toBe(`"\\t${'x'.repeat(90)}\n  y"`)
    expect(written(`${start}  y`)).toBe(`"\\t${'x'.repeat(90)}\n  \\ y"`)
  })
})
