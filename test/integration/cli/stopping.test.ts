import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { poll } from '../../../src/poll.ts'
import { makeFolder } from '../node/sshd.ts'

const program = fileURLToPath(new URL('../../../bin/rke.ts', import.meta.url))
const folder = makeFolder()
/** To which nobody ever writes: who reads it waits for ever. */
const pipe = join(folder, 'pipe')
execFileSync('mkfifo', [pipe])
const file = join(folder, 'cluster.yml')
writeFileSync(
  file,
  `nodes: [{address: 127.0.0.1, user: u, role: [controlplane, etcd, worker]}]\nssh_key_path: ${pipe}\n`,
)

const start = (line: string) => spawn(process.execPath, [program, ...line.split(' ')], { stdio: 'ignore' })

/** A cluster file whose state is such a pipe. */
const withState = join(folder, 'other.yml')
const state = join(folder, 'other.rkestate')
execFileSync('mkfifo', [state])
writeFileSync(withState, 'nodes: [{address: 127.0.0.1, user: u, role: [controlplane, etcd, worker]}]\n')

/**
 * Milliseconds in which a program must have ended that need not finish anything: twice what it takes at most where other tests do
 * not keep the box busy, and less than the ten seconds of one that finishes its steps.
 */
const AT_ONCE_MS = 4_000

/** A place to write to a pipe, once somebody reads it. */
function writer(pipe: string): Promise<number> {
  return poll({ what: 'the program to read the pipe', deadlineMs: 20_000 }, async () => {
    try {
      return { done: openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK) }
    } catch {
      return { waiting: 'nobody does' }
    }
  })
}

describe('SIGTERM ends the program also where it waits for a file that never answers', () => {
  test.each([
    ['a cluster file', 'by the signal itself', 'SIGTERM', `config validate --config ${pipe}`],
    ['a key', 'with what a shell shows as exit code 130', 'SIGINT', `up --config ${file}`],
  ])('%s, and the program ends %s', async (_, __, signal, line) => {
    const child = start(line)
    const exit = once(child, 'exit')
    const end = await writer(pipe)
    const began = performance.now()
    child.kill('SIGTERM')
    expect(await exit).toEqual([null, signal])
    expect(performance.now() - began).toBeLessThan(AT_ONCE_MS)
    closeSync(end)
  })
})

test('a second signal ends a run that waits for its state within two seconds', async () => {
  const child = start(`plan --config ${withState}`)
  const exit = once(child, 'exit')
  const end = await writer(state)
  const began = performance.now()
  child.kill('SIGINT')
  child.kill('SIGTERM')
  expect(await exit).toEqual([null, 'SIGINT'])
  expect(performance.now() - began).toBeLessThan(AT_ONCE_MS)
  closeSync(end)
})

test('a folder that cannot be made, and of which the file system says otherwise, is an error', async () => {
  const child = start(`cert generate-csr --config ${file} --cert-dir /proc/x`)
  expect(await once(child, 'exit')).toEqual([18, null])
})
