import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import {
  customText,
  managedDisabledText,
  managedText,
} from '../../../../src/desired/encryption/managed-texts.ts'
import { mergedText, readsWritten, unreadableResources } from '../../../../src/desired/encryption/merge.ts'
import { Secret } from '../../../../src/secret.ts'

const key = (name: string) => ({ name, secret: new Secret('AAAA') })
const aescbc = (...names: readonly string[]) => ({
  aescbc: { keys: names.map((name) => ({ name, secret: 'AAAA' })) },
})
const identity = { identity: {} }
const kms = { kms: { apiVersion: 'v1', name: 'on', cachesize: 0, endpoint: 'unix:///x', timeout: '3s' } }
const item = (resource: string, ...providers: readonly object[]) => ({
  resources: [resource],
  providers: [...providers],
})
const custom = (...resources: readonly ReturnType<typeof item>[]): string =>
  customText({ resources: [...resources] })
const itemsOf = (text: string): unknown => (load(text) as { resources: unknown }).resources

describe('a merged provider file', () => {
  it('with keys of this program has the form that RKE gives it', () => {
    expect(mergedText(managedText([key('new')]), managedText([key('old')]))).toBe(
      managedText([key('new'), key('old')]),
    )
    expect(mergedText('', managedText([key('old')]))).toBe(managedDisabledText([key('old')]))
  })

  it('is the first one, if that reads everything already', () => {
    const both = custom(item('secrets', aescbc('a', 'b'), identity))
    expect(mergedText(both, custom(item('secrets', aescbc('b'))))).toBe(both)
    expect(mergedText(both, '')).toBe(both)
    expect(mergedText('', '')).toBe('')
  })

  it('writes as the first one, and reads with each key of the other', () => {
    const text = mergedText(
      custom(item('secrets', aescbc('new'))),
      custom(item('secrets', kms, aescbc('new', 'old'))),
    )
    expect(itemsOf(text)).toEqual([item('secrets', aescbc('new'), kms, aescbc('old'))])
  })

  it('leaves resources plain that only the other one has, and reads them', () => {
    const text = mergedText(
      custom(item('secrets', aescbc('new'), identity)),
      custom(item('secrets', aescbc('new')), item('configmaps', kms)),
    )
    expect(itemsOf(text)).toEqual([
      item('secrets', aescbc('new'), identity),
      item('configmaps', identity, kms),
    ])
  })

  it('is made of files of any layout that kubectl takes', () => {
    const text = `kind: EncryptionConfiguration
resources:
- resources: [
  secrets
]
  providers: [
  {aescbc: {keys: [{name: 'new', secret:
"AAAA"}]}}
  ]
`
    expect(itemsOf(mergedText(text, custom(item('secrets', kms))))).toEqual([
      item('secrets', aescbc('new'), kms),
    ])
  })

  it('reads what is not encrypted where the other one stands for no file', () => {
    expect(itemsOf(mergedText(custom(item('secrets', kms)), ''))).toEqual([item('secrets', kms, identity)])
  })
})

describe('whether one reads what another writes', () => {
  it('depends on the first key of the writer alone', () => {
    const writer = custom(item('secrets', aescbc('a', 'b')))
    expect(readsWritten(custom(item('secrets', kms, aescbc('a'))), writer)).toBe(true)
    expect(readsWritten(custom(item('secrets', aescbc('b'))), writer)).toBe(false)
    expect(readsWritten('', writer)).toBe(false)
    expect(readsWritten(custom(item('*.*', aescbc('a'), identity)), writer)).toBe(true)
  })

  it('is said of every resource that one of the two names', () => {
    const writer = custom(item('secrets', aescbc('a')), item('*.apps', aescbc('b')))
    const identityToo = custom(item('*.*', aescbc('a'), identity))
    expect(readsWritten(identityToo, writer)).toBe(false)
    expect(readsWritten(mergedText(identityToo, writer), writer)).toBe(true)
    expect(readsWritten(custom(item('*.*', aescbc('a'))), custom(item('secrets', aescbc('a'))))).toBe(false)
  })

  it('is told for no file, too', () => {
    expect(readsWritten('', '')).toBe(true)
    expect(readsWritten(custom(item('secrets', aescbc('a'))), '')).toBe(false)
    expect(readsWritten(managedText([key('a')]), '')).toBe(true)
  })
})

it('names the other resources that a new file could not read any more', () => {
  const before = custom(item('secrets', aescbc('a')), item('configmaps', aescbc('a'), identity))
  expect(unreadableResources(before, '')).toEqual(['configmaps'])
  expect(unreadableResources(before, custom(item('*.', aescbc('b'))))).toEqual(['configmaps'])
  expect(unreadableResources(before, custom(item('*.', aescbc('b'), aescbc('a'), identity)))).toEqual([])
})
