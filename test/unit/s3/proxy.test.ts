import { expect, test } from 'vitest'
import { proxyFor } from '../../../src/s3/proxy.ts'

const PROXY = 'HTTPS_PROXY=http://proxy.example.net:3128'
const to = { host: 's3.example.net', port: 9000 }
const hostOf = (environment: readonly string[], target = to) => proxyFor(environment, target)?.host

test('a proxy is used for HTTPS if HTTPS_PROXY names one', () => {
  expect(hostOf([])).toBeUndefined()
  expect(hostOf([PROXY])).toBe('proxy.example.net:3128')
  expect(hostOf(['https_proxy=proxy.example.net:3128'])).toBe('proxy.example.net:3128')
  expect(hostOf(['HTTP_PROXY=http://other:1'])).toBeUndefined()
})

test.each([
  ['*', true],
  ['s3.example.net', true],
  ['example.net', true],
  ['.example.net', true],
  ['EXAMPLE.NET', true],
  ['a, example.net ,b', true],
  ['example.net:9000', true],
  ['example.net:443', false],
  ['ample.net', false],
  ['.s3.example.net', false],
  ['10.0.0.0/8', false],
])('NO_PROXY=%s excepts a name: %s', (list, isExcepted) => {
  expect(hostOf([PROXY, `NO_PROXY=${list}`]) === undefined).toBe(isExcepted)
})

test.each([
  ['10.0.0.9', true],
  ['10.0.0.0/24', true],
  ['10.0.1.0/24', false],
  ['10.0.0.9:9000', true],
  ['10.0.0.9:443', false],
  ['fd00::/8', false],
])('NO_PROXY=%s excepts 10.0.0.9: %s', (list, isExcepted) => {
  const target = { host: '10.0.0.9', port: 9000 }
  expect(hostOf([PROXY, `no_proxy=${list}`], target) === undefined).toBe(isExcepted)
})

test('IPv6 addresses are excepted by address and network', () => {
  const target = { host: 'fd00::9', port: 443 }
  expect(hostOf([PROXY, 'NO_PROXY=fd00::9'], target)).toBeUndefined()
  expect(hostOf([PROXY, 'NO_PROXY=fd00::/16'], target)).toBeUndefined()
  expect(hostOf([PROXY, 'NO_PROXY=fd01::/16'], target)).toBe('proxy.example.net:3128')
})

test('the machine itself is never reached through a proxy', () => {
  expect(hostOf([PROXY], { host: '127.0.0.1', port: 9000 })).toBeUndefined()
  expect(hostOf([PROXY], { host: 'localhost', port: 9000 })).toBeUndefined()
})
