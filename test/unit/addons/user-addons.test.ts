import { describe, expect, test } from 'vitest'
import { sameManifest } from '../../../src/addons/compare/compare.ts'
import { manifestOver, userManifests } from '../../../src/addons/user-addons.ts'

const object = (kind: string, name: string): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}}\n`
const namespace = object('Namespace', 'a')
const map = `---\n${object('ConfigMap', 'b')}`

test('included texts follow each other as documents, each ended by a line break', () => {
  const items = [
    { source: 'https://example.test/a.yaml', text: namespace.trimEnd() },
    { source: './b.yaml', text: map },
  ]
  expect(userManifests('', items)).toEqual({
    inline: { text: '', leftOut: [] },
    included: { text: `---\n${namespace}${map}`, leftOut: [] },
  })
})

test('comments, empty documents, Lists, anchors and keys written twice stay as they are written', () => {
  const list =
    'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: c, name: d}}\n'
  const text = `# first\n---\n---\n${namespace}\n---\n${list}`
  expect(userManifests(text, []).inline).toEqual({ text, leftOut: [] })
})

test('an item that could not be fetched is left out, and the others are used', () => {
  const items = [
    { source: 'http://192.0.2.1/a.yaml', failure: 'connect ECONNREFUSED 192.0.2.1:80' },
    { source: './b.yaml', text: map },
  ]
  expect(userManifests('', items).included).toEqual({
    text: map,
    leftOut: ['addons_include: http://192.0.2.1/a.yaml cannot be read: connect ECONNREFUSED 192.0.2.1:80'],
  })
})

describe('a document that kubectl would refuse is left out, and the others around it are used', () => {
  test.each([
    ['kind: Namespace\nmetadata: {name: a}', 'is not a Kubernetes object: apiVersion is missing'],
    ['apiVersion: v1\nmetadata: {name: a}', 'is not a Kubernetes object: kind is missing'],
    ['apiVersion: v1\nkind: Pod', 'is not a Kubernetes object: metadata.name is missing'],
    [
      'apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: once-}',
      'is not a Kubernetes object: metadata.name is missing; `kubectl apply` does not take metadata.generateName',
    ],
    ['just words', 'is not a Kubernetes object: it is not a mapping'],
    ['a: 1', 'is not a Kubernetes object: apiVersion is missing'],
    ['apiVersion: v1\nkind: List\nitems: [{kind: Pod}]', 'is not a Kubernetes object: apiVersion is missing'],
  ])('%j', (broken, reason) => {
    const { inline } = userManifests(`${namespace}--- # second\n${broken}\n${map}`, [])
    const leftOut = [`addons: the document at line 4 ${reason}`]
    expect(inline).toEqual({ text: `---\n${namespace}${map}`, leftOut })
  })

  test('with Windows line ends, too', () => {
    const { inline } = userManifests(`${namespace}---\na: 1\n${map}`.replaceAll('\n', '\r\n'), [])
    expect(sameManifest(inline.text, `${namespace}${map}`)).toBe(true)
  })

  test('one that is no YAML is named with the line and reason, and none of its content', () => {
    const text = `${namespace}---\nkind: Secret\nstringData:\n  password: [hunter2\n${map}`
    const { included } = userManifests('', [{ source: './s.yaml', text }])
    expect(included.text).toBe(`---\n${namespace}${map}`)
    expect(included.leftOut).toEqual([
      expect.stringMatching(/^addons_include: \.\/s\.yaml: the document at line 4 is not YAML: line [78], /),
    ])
    expect(included.leftOut.join()).not.toContain('hunter2')
  })
})

describe('over what the cluster has stored', () => {
  const stored = `---\n${namespace}---\n${object('Secret', 'of-the-dead-url')}---\njust: [broken\n${map}`

  test('a whole manifest replaces it', () => {
    expect(manifestOver(stored, { manifest: map, keepsRest: false })).toBe(map)
  })

  test('one with something left out keeps the objects that it does not hold, and is the same the next time', () => {
    const wanted = { manifest: map, keepsRest: true }
    const applied = manifestOver(stored, wanted)
    expect(applied).toBe(`---\n${namespace}---\n${object('Secret', 'of-the-dead-url')}${map}`)
    expect(manifestOver(applied, wanted)).toBe(applied)
  })

  test('one with something left out has its own word on what both hold', () => {
    const manifest = `${object('Namespace', 'a')}data: {now: changed}\n`
    const applied = manifestOver(`---\n${namespace}`, { manifest, keepsRest: true })
    expect(applied).toBe(manifest)
  })

  test('of which nothing is stored yet, it is what there is', () => {
    expect(manifestOver(undefined, { manifest: map, keepsRest: true })).toBe(map)
  })
})
