import { describe, expect, test } from 'vitest'
import { checkUserManifest, includesManifest } from '../../../src/addons/user-addons.ts'
import { ConfigError } from '../../../src/errors.ts'

const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}'
const map = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n'

function refusal(check: () => unknown): ConfigError {
  try {
    check()
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown
  }
  throw new TypeError('no ConfigError was thrown')
}

test('included texts follow each other as documents, each ended by a line break', () => {
  const items = [
    { source: 'https://example.test/a.yaml', text: namespace },
    { source: './b.yaml', text: map },
  ]
  expect(includesManifest(items)).toBe(`---\n${namespace}\n${map}`)
})

describe('a user’s manifest', () => {
  test('may have comments, empty documents, Lists, anchors and keys written twice', () => {
    const text = `# first\n---\n---\n${namespace}\n---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: c, name: d}}\n`
    expect(() => checkUserManifest('addons', text)).not.toThrow()
  })

  test('that is no YAML is refused with its name, line and reason, and none of its content', () => {
    const text = `${namespace}\n---\nkind: Secret\nstringData:\n  password: "hunter2\n`
    const { message } = refusal(() => checkUserManifest('addons_include: ./s.yaml', text))
    expect(message).toMatch(/^addons_include: \.\/s\.yaml is not YAML: line \d+, column \d+: /)
    expect(message).not.toContain('hunter2')
  })

  test.each([
    ['kind: Namespace\nmetadata: {name: a}\n', 'document 1 is no Kubernetes object: apiVersion is missing'],
    [`${namespace}\n---\napiVersion: v1\nmetadata: {name: a}\n`, 'document 2 is no Kubernetes object: kind'],
    ['apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n', 'metadata.name is missing'],
    ['just words\n', 'document 1 is no Kubernetes object: it is no mapping'],
    ['apiVersion: v1\nkind: List\nitems: [{kind: Pod}]\n', 'apiVersion is missing'],
  ])('with a document that kubectl would refuse is refused: %j', (text, words) => {
    expect(refusal(() => checkUserManifest('addons', text)).message).toContain(words)
  })
})
