import { expect, test } from 'vitest'
import {
  compareNumericWords,
  compareSemantic,
  isAtLeast,
  minorOf,
  parseSemanticVersion,
} from '../../../src/catalog/version-order.ts'
import { inRange } from '../../../src/catalog/version-range.ts'

test.each([
  ['1.6.0-rc0', '1.6.0'],
  ['1.6.0', 'v1.6.3'],
  ['1.6', '1.6.1'],
  ['1.6.0-alpha1', '1.6.0-beta1'],
  ['1.6.0-beta2', '1.6.0-rc1'],
  ['v1.24.10-rancher2-3', 'v1.24.10-rancher2-10'],
  ['v1.24.9-rancher1-1', 'v1.24.10-rancher1-1'],
])('counting numbers, %s is older than %s', (older, newer) => {
  expect(compareNumericWords(older, newer)).toBeLessThan(0)
  expect(compareNumericWords(newer, older)).toBeGreaterThan(0)
})

test('a leading v and missing numbers make no difference', () => {
  expect(compareNumericWords('v1.6', '1.6.0.0')).toBe(0)
})

test.each([
  ['1.24.0-rancher1-1', '1.24.0'],
  ['1.24.0-rancher0', '1.24.0-rancher1-1'],
  ['1.24.10-rancher2-10', '1.24.10-rancher2-3'],
  ['1.0.0-alpha', '1.0.0-alpha.1'],
  ['1.0.0-alpha.9', '1.0.0-alpha.10'],
  ['1.0.0-1', '1.0.0-a'],
])('as a semantic version, %s is older than %s', (older, newer) => {
  expect(compareSemantic(older, newer)).toBeLessThan(0)
  expect(compareSemantic(newer, older)).toBeGreaterThan(0)
})

test.each(['v1.28', 'v01.28.14', 'V1.28.14', '1.2.3-', 'latest'])('%s is no semantic version', (text) => {
  expect(parseSemanticVersion(text)).toBeUndefined()
  expect(isAtLeast(text, '1.0.0')).toBe(false)
})

test('the minor is all before the second dot', () => {
  expect(minorOf('v1.30.4-rancher1-1')).toBe('v1.30')
  expect(minorOf('1.30')).toBe('1.30')
  expect(minorOf('latest')).toBe('')
})

test('ranges allow blanks after operators, alternatives, and pre-releases by precedence', () => {
  expect(inRange('v1.27.12-rancher1-1', '>=1.27.11-rancher1-1 < 1.27.15-rancher1-1')).toBe(true)
  expect(inRange('v1.27.15-rancher1-1', '>=1.27.11-rancher1-1 < 1.27.15-rancher1-1')).toBe(false)
  expect(inRange('1.2.0', '<1.0.0 || >=1.2.0')).toBe(true)
  expect(inRange('1.1.0', '!=1.1.0')).toBe(false)
  expect(inRange('1.1.0', 'nonsense')).toBe(false)
  expect(inRange('1.1.0', '')).toBe(false)
})
