import { expect, test } from 'vitest'
import { errorLine, errorLines, reasonLine, reportOf } from '../../../../src/cli/output/error-report.ts'
import { DockerError, ImagePullError } from '../../../../src/errors.ts'

const details = { host: '10.0.0.1', step: 'pull image reg.local/x:1' }
const cause = new DockerError('Docker failed', { ...details, cause: new Error('connection refused') })
const error = new ImagePullError('the pull failed', { ...details, cause, hint: 'check the registry' })

test('an error is one line with place, reasons and the next step', () => {
  expect(errorLine(error)).toBe(
    '10.0.0.1: pull image reg.local/x:1: the pull failed: Docker failed: connection refused; check the registry',
  )
  expect(reasonLine(error)).toBe('the pull failed: Docker failed: connection refused; check the registry')
})

test('on a terminal each reason has its own line', () => {
  expect(errorLines(error)).toEqual([
    '10.0.0.1: pull image reg.local/x:1: the pull failed',
    '    because: Docker failed',
    '    because: connection refused',
    '    next:    check the registry',
  ])
})

test('a program gets the message and its reasons', () => {
  expect(reportOf(error)).toMatchObject({
    name: 'ImagePullError',
    message: 'the pull failed: Docker failed: connection refused',
    causes: ['Docker failed', 'connection refused'],
  })
})
