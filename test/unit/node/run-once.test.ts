import { beforeEach, expect, test } from 'vitest'
import { DockerError } from '../../../src/errors.ts'
import { runChecked, runOnce } from '../../../src/node/helpers/run-once.ts'
import { FakeNode } from '../fakes/fake-node.ts'

const IMAGE = 'rancher/rke-tools:v1'
const run = { name: 'etcd-fix-perm', container: { Image: IMAGE, Cmd: ['chmod'] } }
let node: FakeNode

beforeEach(() => {
  node = new FakeNode('10.0.0.1')
  node.docker.addImage(IMAGE)
})

test('a helper runs to its end, tells its output, and leaves nothing', async () => {
  node.docker.onStart = () => ({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' })
  expect(await runOnce(node, run)).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' })
  expect(node.docker.containers.size).toBe(0)
})

test('a left-over of the same name is removed, not taken for a success', async () => {
  node.docker.addContainer('etcd-fix-perm', run.container, 'exited')
  node.docker.onStart = () => ({ exitCode: 0, stdout: 'ran' })
  expect((await runOnce(node, run)).stdout).toBe('ran')
})

test('one that an earlier request makes at the last moment, whose connection was cut, is removed as well', async () => {
  let late = true
  node.docker.beforeCall = (call) => {
    if (call !== 'createContainer' || !late) return
    late = false
    node.docker.addContainer('etcd-fix-perm', run.container, 'created')
    const taken = 'Conflict. The container name "/etcd-fix-perm" is already in use by container "1"'
    throw new DockerError(`Docker on 10.0.0.1 could not create container etcd-fix-perm: ${taken}`)
  }
  node.docker.onStart = () => ({ exitCode: 0, stdout: 'ran' })
  expect((await runOnce(node, run)).stdout).toBe('ran')
  expect(node.docker.containers.size).toBe(0)
})

test('helpers of runs without a lock do not end each other; what a killed one left hours ago is removed', async () => {
  const lister = { ...run, name: 'etcd-snapshot-lister' }
  const other = node.docker.addContainer('etcd-snapshot-lister-00c0ffee', run.container, 'running')
  node.docker.addContainer('etcd-snapshot-lister-deadbeef', run.container, 'exited').created -= 3 * 60 * 60
  node.docker.onStart = () => ({ exitCode: 0, stdout: 'ran' })
  const both = await Promise.all([runOnce(node, lister), runOnce(node, lister)])
  expect(both.map(({ stdout }) => stdout)).toEqual(['ran', 'ran'])
  expect([...node.docker.containers.keys()]).toEqual(['etcd-snapshot-lister-00c0ffee'])
  expect(other.status).toBe('running')
})

test('a failed helper is an error that shows its last lines', async () => {
  node.docker.onStart = () => ({ exitCode: 1, stderr: 'a\nb\nc\nd\ne\nchmod: no such file\n' })
  await expect(runChecked(node, run)).rejects.toMatchObject({
    message: 'it failed with exit code 1: b\nc\nd\ne\nchmod: no such file',
    host: '10.0.0.1',
  })
})

test('a helper that does not end is given up and removed', async () => {
  node.docker.onStart = () => 'running'
  await expect(runOnce(node, { ...run, limitMs: 20 })).rejects.toMatchObject({
    name: 'DeadlineError',
    message: 'it did not end within 0.02 s',
  })
  expect(node.docker.containers.size).toBe(0)
})

test('a cancelled run removes the helper', async () => {
  const stop = new AbortController()
  node.docker.onStart = () => {
    setImmediate(() => stop.abort())
    return 'running'
  }
  await expect(runOnce(node, { ...run, signal: stop.signal })).rejects.toMatchObject({
    name: 'CancelledError',
  })
  expect(node.docker.containers.size).toBe(0)
})
