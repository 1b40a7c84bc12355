import { expect, test } from 'vitest'
import { reasonText } from '../../src/reason-text.ts'

const paths = (count: number) => Array.from({ length: count }, (_, index) => `/etc/kubernetes/${index}.pem`)

test('a few files are named, many are only counted', () => {
  expect(reasonText({ kind: 'files', state: 'missing', paths: paths(2) })).toBe('missing: 0.pem, 1.pem')
  expect(reasonText({ kind: 'files', state: 'new', paths: paths(6) })).toBe('6 files new')
})

test('a value that is not there is said to be empty', () => {
  const change = { kind: 'setting-changed', setting: 'argument', name: '--v', from: '', to: '2' } as const
  expect(reasonText(change)).toBe('argument --v: (empty) → 2')
})

test('fields that are left out are counted', () => {
  const change = { kind: 'object-changed', object: 'ConfigMap a', fields: ['data.a', 'data.b'] } as const
  expect(reasonText({ ...change, more: 3 })).toBe('ConfigMap a changed (data.a, data.b, and 3 more)')
  expect(reasonText({ ...change, fields: [], more: 0 })).toBe('ConfigMap a changed')
})

test('one certificate or several', () => {
  expect(reasonText({ kind: 'certificates-changed', names: ['a'] })).toBe('certificate a changed')
  expect(reasonText({ kind: 'certificates-changed', names: ['a', 'b'] })).toBe('certificates a, b changed')
  expect(reasonText({ kind: 'certificates-renewed', names: ['a', 'b'] })).toBe(
    'certificates a, b renewed: the end is near or past',
  )
})
