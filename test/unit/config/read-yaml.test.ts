import { describe, expect, test } from 'vitest'
import { readYaml, readYamlDocuments } from '../../../src/config/yaml/read-yaml.ts'
import { errorOf, oneNode, warningsOf } from './one-node.ts'

describe('layout that kubectl and RKE take', () => {
  test.each([
    [
      'a list that closes at its key',
      'a:\n  b: [\n    x,\n  z\n  ]\n  c: d\n',
      { a: { b: ['x', 'z'], c: 'd' } },
    ],
    ['a mapping that closes at column 0', 'a: {\nb: c,\nd: {\n}\n}\n', { a: { b: 'c', d: {} } }],
    ['quotes continued at their key', "a:\n  b: 'x\n  y\n\n  z'\n", { a: { b: 'x y\nz' } }],
    ['double quotes continued at column 0', 'a:\n  - "x\\\n y\\n\nz"\n', { a: ['xy\n z'] }],
    ['a quoted key, then brackets', 'a:\n  "b": [\n  ]\n  \'c\' : {\n  }\n', { a: { b: [], c: {} } }],
    ['brackets inside list items', '- - [\n1]\n- x: [\n2]\n  z: 3\n', [[[1]], { x: [2], z: 3 }]],
    ['a tab before brackets', 'a:\n  b:\t[x,\tz]\t# c\n', { a: { b: ['x', 'z'] } }],
    ['comments right after brackets', 'a: [#c\n  x,#c\n]#c\nb: {}#c\n', { a: ['x'], b: {} }],
    [
      'an anchor before brackets',
      'a:\n  b: &x [\n  1]\n  c: !t {\n  }\n  d: *x\n',
      { a: { b: [1], c: {}, d: [1] } },
    ],
    ['a dash alone in brackets', 'a: [cat, -]\n', { a: ['cat', '-'] }],
    [
      'no brackets or quotes in texts',
      'a: [\n]\nb: it\'s [\nc: |\n  "x [\n\n   y\nd: >-\n    {\n\ne: x\n  "y [\nf: "z\n  "\n',
      { a: [], b: "it's [", c: '"x [\n\n y\n', d: '{', e: 'x "y [', f: 'z ' },
    ],
    ['a block text that begins a document', '--- |\n a: [\n b\n', 'a: [\nb\n'],
    ['a block text without a final line break', 'a: |\n  x', { a: 'x' }],
    ['a block text with one', 'a: |\n  x\n', { a: 'x\n' }],
  ])('%s', (_, text, value) => {
    expect(readYaml(text)).toEqual(value)
    expect(readYaml(text.replaceAll('\n', '\r\n'))).toEqual(value)
  })

  test('brackets and quotes that nobody closes are errors', () => {
    for (const text of ['a: [\nb: c\n', 'a: {\n  b: "c\n}\n', "a: 'b\nc: d\n", 'a: [\n]\nb: [\n']) {
      expect(() => readYaml(text)).toThrow()
    }
  })

  test('a hundred thousand lines in brackets take seconds at most', () => {
    const started = performance.now()
    expect(readYaml(`a: {\nb: [\n${'x,\n'.repeat(100_000)}]\n}\n`)).toMatchObject({ a: {} })
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

describe('a manifest', () => {
  test('is split at lines that begin with ---, wherever they stand', () => {
    const text = '# head\n---\na: |\n  x\n---   # next\n---\nb: [\n]\n...\nignored: [\n---\n'
    expect(readYamlDocuments(text)).toEqual([{ a: 'x\n' }, { b: [] }])
  })

  test('has keys and values of YAML 1.1, as for kubectl', () => {
    const text = 'on: y\n0x10: 0644\n1.50: 1_000\n"n": "y"\na: 2001-01-01\nb: 1:30\nc: 1e3\n'
    expect(readYaml(text)).toEqual({
      true: true,
      16: 420,
      1.5: 1000,
      n: 'y',
      a: '2001-01-01',
      b: '1:30',
      c: 1000,
    })
  })

  test('with keys that are no texts, such as templates that nobody filled in, is refused', () => {
    expect(() => readYaml('image: {{ .Values.image }}\n')).toThrow('a key must be plain text')
    expect(() => readYaml('{~: a}')).toThrow('a key must be plain text')
  })

  test('says where it is wrong, in the whole text', () => {
    expect(() => readYamlDocuments('a: b\n---\nc: [\n]\n- d\n')).toThrow(expect.objectContaining({ at: 16 }))
  })
})

describe('places of problems', () => {
  test('are those of the file, after brackets and quotes of any layout, too', () => {
    const text = oneNode('authentication: {sans: [\n"a\nb"\n]}\nnetwork: {\n  mtu: x }\nfoo_bar: 1')
    expect(errorOf(text)).toMatch(/^ {2}cluster\.yml:12:8: network\.mtu: must be a number$/m)
    expect(errorOf(text)).toMatch(/^ {2}warning: cluster\.yml:13:1: foo_bar: /m)
    expect(errorOf(oneNode('dns: {options: {\n}}\nnetwork: a: b'))).toMatch(
      /^cluster\.yml:9:11: bad indentation/,
    )
  })

  test('a file that ends for RKE at a line that is less indented warns there', () => {
    const text = `  ${oneNode('cluster_name: a').replaceAll('\n', '\n  ')}\nservices:\n  kubelet: [\n`
    expect(warningsOf(text)).toEqual([
      'cluster.yml:9:1: this line and all that follow are not read: the document ends before it; start all keys at the column of the first one',
    ])
  })
})
