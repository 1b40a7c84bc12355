import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { exitCodeOf, FAILURES } from '../../../src/cli/exit-codes.ts'
import * as errors from '../../../src/errors.ts'
import { ApiError } from '../../../src/kube/client/api-error.ts'

const { ConfigError, ConnectionError, LockError, RkeError, RunFailedError, UsageError } = errors

test('each class of failure has its exit code, also as a more special one of it', () => {
  expect(exitCodeOf(new ConfigError('x'))).toBe(10)
  expect(exitCodeOf(new errors.ImagePullError('x'))).toBe(12)
  expect(exitCodeOf(new ApiError('x'))).toBe(14)
  expect(exitCodeOf(new LockError('x'))).toBe(17)
  expect(exitCodeOf(new errors.CancelledError('x'))).toBe(130)
})

test('a wrong command line and what has no class fail with 1, as in RKE', () => {
  expect(exitCodeOf(new UsageError('x'))).toBe(1)
  expect(exitCodeOf(new RkeError('x'))).toBe(1)
})

test('several failures have the code of their class, and 1 where they are of several', () => {
  const [connection, lock] = [new ConnectionError('refused', 'x'), new LockError('x')]
  expect(exitCodeOf(new RunFailedError('x', [connection, connection]))).toBe(11)
  expect(exitCodeOf(new RunFailedError('x', [connection, lock]))).toBe(1)
})

test('no class of failure is without a code, but those that stand for others', () => {
  const general = ['RkeError', 'RunFailedError']
  const classes = Object.entries(errors).filter(
    ([name]) => /^[A-Z].*Error$/.test(name) && !general.includes(name),
  )
  const missing = classes.filter(
    ([, Class]) =>
      !FAILURES.some(({ of }) => of.some((known) => known === Class || Class.prototype instanceof known)),
  )
  expect(missing.map(([name]) => name)).toEqual([])
})

test('the documentation lists the codes of all failures', () => {
  const text = readFileSync('docs/output.md', 'utf8')
  const documented = [...text.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))
  const codes = FAILURES.map(({ code }) => code)
  expect(documented).toEqual([...new Set([0, 1, 2, 3, 4, ...codes])].sort((a, b) => a - b))
})
