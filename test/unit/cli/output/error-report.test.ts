import { expect, test } from 'vitest'
import { errorLine } from '../../../../src/cli/output/error-report.ts'
import { DockerError, ImagePullError } from '../../../../src/errors.ts'

const details = { host: '10.0.0.1', step: 'pull image reg.local/x:1' }

test('a cause that says more is told after the message', () => {
  const cause = new Error('connect ECONNREFUSED 10.0.0.9:5000')
  const error = new ImagePullError('10.0.0.1 could not pull image reg.local/x:1', { ...details, cause })
  expect(errorLine(error)).toBe(
    '10.0.0.1 could not pull image reg.local/x:1 (connect ECONNREFUSED 10.0.0.9:5000)',
  )
})

test('a reason is told once, however many causes repeat it in their own words', () => {
  const reason = 'dial tcp: lookup reg.local: no such host'
  const wrapped = new Error(`(HTTP code 500) unexpected - ${reason}`)
  const cause = new DockerError(`Docker on 10.0.0.1 could not pull image reg.local/x:1: ${reason}`, {
    ...details,
    cause: wrapped,
  })
  const error = new ImagePullError(`10.0.0.1 could not pull image reg.local/x:1: ${reason}`, {
    ...details,
    cause,
  })
  expect(errorLine(error)).toBe(`10.0.0.1 could not pull image reg.local/x:1: ${reason}`)
})
