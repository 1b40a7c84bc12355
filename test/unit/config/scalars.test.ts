import { expect, test } from 'vitest'
import { normaliseDuration } from '../../../src/config/kubernetes/go-duration.ts'
import { nearestKey } from '../../../src/config/yaml/decode/nearest-key.ts'
import { numberText, plainValue } from '../../../src/config/yaml/tree/plain-scalar.ts'

test.each([
  ['', null],
  ['~', null],
  ['Null', null],
  ['yes', true],
  ['y', true],
  ['OFF', false],
  ['N', false],
  ['yEs', 'yEs'],
  ['0x1F', 31],
  ['-0b11', -3],
  ['0o17', 15],
  ['0777', 511],
  ['08', 8],
  ['1_000', 1000],
  ['+1', 1],
  ['.5', 0.5],
  ['1e3', 1000],
  ['-.inf', -Infinity],
  ['1:30', '1:30'],
  ['2024-01-01', '2024-01-01'],
  ['10.0.0.1', '10.0.0.1'],
  ['1.2.3', '1.2.3'],
  ['-', '-'],
])('without quotes, %s means %s', (text, value) => {
  expect(plainValue(text)).toBe(value)
})

test.each([
  [12345678, '12345678'],
  [-0, '0'],
  [123456.789, '123456.789'],
  [1234567.5, '1.2345675e+06'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [1e20, '1e+20'],
  [1e19, '10000000000000000000'],
  [2 ** 63, '9223372036854776000'],
  [-(2 ** 63), '-9.223372036854776e+18'],
  [2 ** 64, '1.8446744073709552e+19'],
  [1.1, '1.1'],
])('the number %d reads %s after a round trip', (value, text) => {
  expect(numberText(value)).toBe(text)
})

test.each([
  ['90s', '1m30s'],
  ['0', '0s'],
  ['3s', '3s'],
  ['1h', '1h0m0s'],
  ['1500ms', '1.5s'],
  ['1.5h', '1h30m0s'],
  ['250us', '250µs'],
  ['soon', 'soon'],
])('the duration %s is stored as %s', (text, stored) => {
  expect(normaliseDuration(text)).toBe(stored)
})

test('the nearest key forgives case, separators, swaps and a few letters, and no more', () => {
  const keys = ['kube-api', 'kubelet', 'kubeproxy', 'service_cluster_ip_range']
  expect(nearestKey('KubeApi', keys)).toBe('kube-api')
  expect(nearestKey('kubelte', keys)).toBe('kubelet')
  expect(nearestKey('service_cluster_range', keys)).toBe('service_cluster_ip_range')
  expect(nearestKey('addons', keys)).toBeUndefined()
  expect(nearestKey('x'.repeat(1_000_000), keys)).toBeUndefined()
})
