import { expect, test } from 'vitest'
import {
  CancelledError,
  ConnectionError,
  DockerError,
  EtcdError,
  errorText,
  HealthError,
  PlanRefusedError,
  RkeError,
  RunFailedError,
  toRkeError,
} from '../../src/errors.ts'
import { EtcdRefusal } from '../../src/etcd/etcd-failure.ts'
import { ApiError } from '../../src/kube/client/api-error.ts'
import { dockerError } from '../../src/node/docker/docker-error.ts'
import { pullError, pullFailure } from '../../src/node/docker/pulls/pull-error.ts'

const place = { host: '10.0.0.1', step: 'wait for etcd' }
const systemError = (code: string, syscall: string) =>
  Object.assign(new Error(`${code}: operation failed, ${syscall}`), { code, syscall })

test('a message is what failed and why; the whole text says besides where, and what to do', () => {
  const cause = new RkeError('nobody answers', { host: '10.0.0.1' })
  const error = new HealthError('it is not healthy', { ...place, cause, hint: 'read its log' })
  expect(error.message).toBe('it is not healthy: nobody answers')
  expect(errorText(error)).toBe('10.0.0.1: wait for etcd: it is not healthy: nobody answers; read its log')
})

test('where nothing was changed, that is said before the next step', () => {
  const error = new RkeError('refused', { hint: 'choose all nodes', untouched: true })
  expect(errorText(error)).toBe('refused; nothing was changed; choose all nodes')
  expect(errorText(toRkeError(error, place))).toBe(
    '10.0.0.1: wait for etcd: refused; nothing was changed; choose all nodes',
  )
})

test('a cause on another host is named with it', () => {
  const cause = new RkeError('nobody answers', { host: '10.0.0.2' })
  expect(new HealthError('it is not healthy', { ...place, cause }).message).toBe(
    'it is not healthy: 10.0.0.2: nobody answers',
  )
})

test('a reason in words stands in the place of the text of its cause', () => {
  const cause = new Error('(HTTP code 500) server error - toomanyrequests')
  expect(new DockerError('Docker failed', { cause, why: 'toomanyrequests' }).message).toBe(
    'Docker failed: toomanyrequests',
  )
  expect(new CancelledError('stopped', { cause }).message).toBe('stopped')
})

test('an error that is placed later says nothing twice', () => {
  const cause = new Error('no route')
  const placed = toRkeError(new DockerError('Docker failed', { cause }), place)
  expect(placed).toBeInstanceOf(DockerError)
  expect(errorText(placed)).toBe('10.0.0.1: wait for etcd: Docker failed: no route')
  expect(errorText(toRkeError(cause, place))).toBe('10.0.0.1: wait for etcd: no route')
})

const { failures, refusal, moved } = {
  failures: [new EtcdError('no answer')],
  refusal: { program: true, cluster: false, configuration: false, sources: false, state: false },
  moved: { nodes: [], added: [], gone: [], different: [] },
}
test.each([
  [new RunFailedError('2 steps failed', failures), { failures }],
  [new ConnectionError('refused', 'no answer'), { kind: 'refused' }],
  [new PlanRefusedError('another plan', {}, { ...refusal, ...moved }), { moved: { ...refusal, ...moved } }],
  [new ApiError('not found', { status: 404, reason: 'NotFound' }), { status: 404, reason: 'NotFound' }],
  [new EtcdRefusal('not yet', { code: 9 }), { code: 9 }],
])('%s keeps what its class has besides when it is placed later', (error, fields) => {
  const placed = toRkeError(error, place)
  expect(placed).toMatchObject({ ...place, ...fields, name: error.name, message: error.message })
  expect(placed).toBeInstanceOf(error.constructor)
})

test.each([
  ['EISDIR', 'read', 'it is a folder'],
  ['ENOENT', 'open', 'there is no such file or folder'],
  ['EACCES', 'open', 'this user has no permission'],
  ['ENOSPC', 'write', 'no space left on the disk'],
])('%s of a file is said in words', (code, call, words) => {
  expect(new RkeError('cannot read x', { cause: systemError(code, call) }).message).toBe(
    `cannot read x: ${words}`,
  )
})

test('codes of connections stay as they are: they are not about files', () => {
  expect(toRkeError(systemError('ENOENT', 'connect')).message).toBe('ENOENT: operation failed, connect')
})

test.each([
  dockerError(
    new Error('(HTTP code 500) server error - no space left on device'),
    '10.0.0.1',
    'start container etcd',
  ),
  pullError('reg.local/x:1', '10.0.0.1', pullFailure('toomanyrequests'), 5),
])('host, step and reason stand once in an error of Docker: %s', (error) => {
  for (const part of [error.host ?? '', error.step ?? '', error.why ?? '']) {
    expect(errorText(error).split(part)).toHaveLength(2)
  }
})
