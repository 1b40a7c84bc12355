import { expect, test } from 'vitest'
import { createLog } from '../../../../src/cli/output/logger.ts'
import { textRenderer } from '../../../../src/cli/output/renderers/text-renderer.ts'
import { ConnectionError, HealthError, RunFailedError } from '../../../../src/errors.ts'
import { fakeContext, fakeIo } from '../fake-io.ts'
import { events, unhealthy } from '../fake-run.ts'

function rendered(options: { debug?: boolean; terminal?: boolean } = {}) {
  const io = fakeIo(options.terminal ? { terminal: { columns: 80, rows: 24 } } : {})
  const session = fakeContext(io, { debug: options.debug ?? false, began: Date.now() })
  const renderer = textRenderer(createLog(session, io.stdout))
  const lines = () =>
    io.stdout
      .text()
      .split('\n')
      .map((line) => line.replace(/^time="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)" /, ''))
  return { renderer, lines }
}

test('a run in a file or pipe: key/value lines with the prefixes people look for', async () => {
  const { renderer, lines } = rendered()
  for (const event of events) renderer.event(event)
  renderer.say('info', 'Finished building Kubernetes cluster successfully')
  await expect(lines().join('\n')).toMatchFileSnapshot('golden/run.txt')
})

test('--debug adds what steps wait for, each once, and debug notices', () => {
  const { renderer, lines } = rendered({ debug: true })
  for (const event of events) renderer.event(event)
  const debug = lines().filter((line) => line.startsWith('level=debug'))
  expect(debug).toEqual([
    'level=debug msg="[dialer] SSH version 2"',
    'level=debug msg="[pre-deploy] Pull image rancher/hyperkube:v1.30.4-rancher1 on host [10.0.0.2]: pulling"',
    'level=debug msg="[healthcheck] Wait for etcd on host [10.0.0.1]: no leader yet"',
  ])
})

test('on a terminal: level, seconds since the start, and the message', () => {
  const { renderer, lines } = rendered({ terminal: true })
  renderer.say('info', '[dialer] Setup')
  renderer.say('warning', 'short')
  expect(lines()).toEqual([
    `\u001b[36mINFO\u001b[0m[0000] ${'[dialer] Setup'.padEnd(44)} `,
    `\u001b[33mWARN\u001b[0m[0000] ${'short'.padEnd(44)} `,
    '',
  ])
})

test('a failure says where, what, why and what next, in one line', () => {
  const { renderer, lines } = rendered()
  renderer.fatal(unhealthy)
  expect(lines()[0]).toBe(
    'level=fatal msg="10.0.0.1: wait for etcd: etcd did not become healthy within 60 s: ' +
      'connect ECONNREFUSED 10.0.0.1:2379; look at \\"docker logs etcd\\" on the node"',
  )
})

test('every failure of a run has its line', () => {
  const { renderer, lines } = rendered()
  const down = new ConnectionError('timed-out', 'no answer on port 22', { host: '10.0.0.3', step: 'connect' })
  renderer.fatal(
    new RunFailedError('2 steps failed', [new HealthError('etcd is unhealthy', { host: '10.0.0.1' }), down]),
  )
  expect(lines()).toEqual([
    'level=error msg="10.0.0.1: etcd is unhealthy"',
    'level=error msg="10.0.0.3: connect: no answer on port 22"',
    'level=fatal msg="2 steps failed"',
    '',
  ])
})
