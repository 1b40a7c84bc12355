import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { main } from '../../../src/cli/main.ts'
import { type FakeIoOptions, fakeIo } from './fake-io.ts'

let folder = ''
let file = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rke-up-'))
  file = join(folder, 'cluster.yml')
  // A key that is no key: the commands come as far as the connection, and fail there at once.
  await writeFile(join(folder, 'id'), 'not a key')
  await writeFile(
    file,
    `ssh_key_path: ${join(folder, 'id')}\nunknown_key: 1\nnodes:\n` +
      '- {address: 127.0.0.1, user: root, role: [controlplane, etcd, worker]}\n' +
      '- {address: 127.0.0.2, user: root, role: [worker]}\n',
  )
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function rke(line: string, options?: FakeIoOptions) {
  const io = fakeIo(options)
  const code = await main([...line.split(' '), '--config', file], io)
  return { code, out: io.stdout.text(), err: io.stderr.text() }
}

describe('a cluster whose nodes cannot be used', () => {
  test('ends rke up with 11; every node has its line, after the phrase that scripts look for', async () => {
    const { code, out } = await rke('up')
    expect(code).toBe(11)
    expect(out).toMatch(/level=warning msg=".*cluster.yml:2:1: unknown_key/)
    expect(out).toMatch(/level=error msg="Provisioning incomplete, host\(s\) \[127.0.0.[12],127.0.0.[12]\]/)
    for (const host of ['127.0.0.1', '127.0.0.2']) {
      expect(out).toMatch(new RegExp(`level=error msg="${host}: .*SSH key`))
    }
    expect(out).toMatch(/level=fatal .*2 of 2 nodes cannot be used/)
    expect(out).not.toContain('Finished building')
  })

  test('is told as JSON, and nothing else, with --output json', async () => {
    const { code, out, err } = await rke('up --output json')
    expect(code).toBe(11)
    expect(err).toBe('')
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.at(-1)).toMatchObject({ type: 'error', exitCode: 11 })
    expect(lines.at(-1).failures).toHaveLength(2)
  })

  test('leaves standard output to the plan alone', async () => {
    for (const line of ['plan', 'plan --output json', 'up --dry-run']) {
      const { code, out, err } = await rke(line)
      expect({ code, out }).toEqual({ code: 11, out: '' })
      expect(err).toContain('level=fatal')
    }
  })

  test('leaves no files behind but those that were there', async () => {
    await rke('up')
    expect((await readdir(folder)).sort()).toEqual(['cluster.yml', 'id'])
  })
})

describe('rke remove asks first', () => {
  test.each(['n', '', 'yes', 'Y es'])('and does nothing after %j', async (answer) => {
    const { code, out } = await rke('remove', { input: `${answer}\n` })
    expect(code).toBe(0)
    expect(out).toContain('Are you sure you want to remove the Kubernetes cluster')
    expect(out).not.toContain('[dialer]')
  })

  test.each(['y', 'Y'])('and goes on after %j', async (answer) => {
    const { code, out } = await rke('remove', { input: `${answer}\n` })
    expect(code).toBe(11)
    expect(out).toContain('[dialer] Connecting to host [127.0.0.1]')
    expect(out).not.toContain('Provisioning')
  })

  test('and fails where nobody answers', async () => {
    const { code, out } = await rke('remove', { input: '' })
    expect(code).toBe(10)
    expect(out).toContain('--force')
  })

  test('but not with --force; and names the snapshots if they go, too', async () => {
    expect((await rke('remove --force')).out).not.toContain('Are you sure')
    expect((await rke('remove --snapshots', { input: 'n\n' })).out).toContain('and its etcd snapshots')
  })

  test('on standard error, if standard output is for a program', async () => {
    const { out, err } = await rke('remove --output json', { input: 'n\n' })
    expect(err).toContain('Are you sure')
    expect(out).not.toContain('Are you sure')
  })
})

test('Ctrl-C while a node does not answer ends with 130 and says how to go on', async () => {
  const server = createServer(() => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const silent = join(folder, 'silent')
  const io = fakeIo({ env: { SSH_AUTH_SOCK: join(folder, 'agent') } })
  const { generateKeyPairSync } = await import('node:crypto')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  await writeFile(`${silent}.key`, privateKey.export({ type: 'pkcs1', format: 'pem' }))
  await writeFile(
    `${silent}.yml`,
    `ssh_key_path: ${silent}.key\nnodes:\n- {address: 127.0.0.1, port: "${port}", user: root, role: [controlplane, etcd, worker]}\n`,
  )
  const connected = new Promise<void>((resolve) => {
    server.once('connection', () => {
      resolve()
    })
  })
  const running = main(['up', '--config', `${silent}.yml`], io)
  await connected
  io.signal('SIGINT')
  expect(await running).toBe(130)
  expect(io.stdout.text()).toContain('run the same command again to continue')
  server.close()
})
