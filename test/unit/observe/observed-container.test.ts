import { expect, test } from 'vitest'
import { observedContainer } from '../../../src/observe/observed-container.ts'
import { desiredNodes } from '../fixture.ts'
import { inspectOf } from '../plan/support.ts'

const [node] = desiredNodes
const [spec] = node?.containers ?? []
if (spec === undefined) throw new TypeError('no container')
const inspect = inspectOf(spec)

function flagsOf(Entrypoint: readonly string[] | null, Cmd: readonly string[] | null) {
  return Object.fromEntries(
    observedContainer({ ...inspect, Config: { ...inspect.Config, Entrypoint, Cmd } }).flags,
  )
}

test('flags are found in entrypoint and command, also without a value', () => {
  expect(flagsOf(['/entrypoint.sh', '--v=2'], ['etcd', '--client-cert-auth', '--name=a=b'])).toEqual({
    v: '2',
    'client-cert-auth': '',
    name: 'a=b',
  })
})

test('of a flag that is given twice the last one counts', () => {
  expect(flagsOf(null, ['--v=2', '--v=4'])).toEqual({ v: '4' })
})

test('a container without arguments has no flags', () => {
  expect(flagsOf(null, null)).toEqual({})
})
