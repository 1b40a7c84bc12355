import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { ConnectionError } from '../../../src/errors.ts'
import type { NodeSpec } from '../../../src/node/transport/link.ts'
import { sshTransports } from '../../../src/node/transport/ssh-transport.ts'
import { freePort, makeFolder, makeKey, type Sshd, startSshd } from './sshd.ts'

const forever = new AbortController().signal
const key = makeKey(makeFolder(), 'id')
const cleanUp: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(cleanUp.splice(0).map((stop) => stop()))
})

async function server(config: readonly string[]): Promise<Sshd> {
  const sshd = await startSshd(config)
  cleanUp.push(() => sshd.stop())
  return sshd
}

async function failure(spec: Partial<NodeSpec>, connectTimeoutMs = 5000): Promise<ConnectionError> {
  const transports = sshTransports({ readFile: (path) => readFile(path, 'utf8'), connectTimeoutMs })
  const node = { address: '127.0.0.1', port: '22', user: 'root', sshKeyPath: key, ...spec }
  const link = await transports.open(node, forever).catch((error: unknown) => error)
  if (link instanceof ConnectionError) return link
  throw new Error(`not a connection error: ${String(link)}`)
}

describe('a node that cannot be reached by SSH is reported with its cause', () => {
  test('name not resolved', async () => {
    const error = await failure({ address: 'no-such-host.invalid' })
    expect(error).toMatchObject({
      kind: 'name-not-resolved',
      host: 'no-such-host.invalid',
      message: 'its name cannot be resolved',
    })
  })

  test('connection refused', async () => {
    const port = await freePort()
    const error = await failure({ port: String(port) })
    expect(error).toMatchObject({
      kind: 'refused',
      message: `port ${port} refused the connection`,
    })
  })

  test('no SSH server behind an open port', async () => {
    const port = await listen(createServer(() => undefined))
    const error = await failure({ port: String(port) }, 1000)
    expect(error).toMatchObject({
      kind: 'timed-out',
      message: expect.stringContaining('accepts connections, but no SSH server answered'),
    })
  })

  test('no answer at all', async () => {
    const error = await failure({ port: String(await silentPort()) }, 1000)
    expect(error).toMatchObject({
      kind: 'timed-out',
      message: expect.stringMatching(/^no answer from port \d+ within 1 s$/),
      hint: expect.stringContaining('firewall'),
    })
  })

  test('something else than SSH behind the port', async () => {
    const port = await listen(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
    const error = await failure({ port: String(port) })
    expect(error.kind).toBe('closed')
    expect(error.message).toContain('before the SSH handshake was complete')
  })

  test.each([
    [
      'key exchange',
      'KexAlgorithms sntrup761x25519-sha512@openssh.com',
      'curve25519-sha256',
      'sntrup761x25519',
    ],
    ['cipher', 'Ciphers 3des-cbc', 'aes128-gcm@openssh.com', '3des-cbc'],
    [
      'MAC',
      'MACs umac-64@openssh.com\nCiphers aes128-ctr',
      'hmac-sha2-256-etm@openssh.com',
      'umac-64@openssh.com',
    ],
  ])('handshake: no %s in common, with both offers', async (what, config, ours, theirs) => {
    const { spec } = await server(config.split('\n'))
    const error = await failure(spec)
    expect(error).toMatchObject({ kind: 'handshake', hint: expect.stringContaining('sshd_config') })
    expect(error.message).toMatch(new RegExp(`no ${what} algorithm in common`))
    expect(error.message).toMatch(new RegExp(`We offer: .*${ours}.*The server offers: .*${theirs}`))
  })

  test('authentication: the server takes no keys at all', async () => {
    const { spec } = await server(['PubkeyAuthentication no', 'PasswordAuthentication yes'])
    expect(await failure(spec)).toMatchObject({
      kind: 'authentication',
      message: expect.stringMatching(/The server allows: password/),
      hint: expect.stringContaining('PubkeyAuthentication'),
    })
  })

  test('authentication: the key alone is not enough', async () => {
    const { spec } = await server(['AuthenticationMethods publickey,password'])
    expect(await failure(spec)).toMatchObject({
      kind: 'authentication',
      message: expect.stringContaining('was accepted, but the server wants more: password'),
    })
  })

  test('authentication: the user may not log in', async () => {
    const { spec } = await server(['AllowUsers nobody'])
    const error = await failure(spec)
    expect(error).toMatchObject({ kind: 'authentication' })
    expect(error.message).toMatch(/did not let root in\. Tried: .*id \(ssh-ed25519 SHA256:/)
  })
})

describe('a node behind a bastion', () => {
  test('is reached, and all such nodes share one connection to the bastion', async () => {
    const [bastion, node] = await Promise.all([server([]), server(['AllowStreamLocalForwarding yes'])])
    const transports = sshTransports({ readFile: (path) => readFile(path, 'utf8') })
    const links = await Promise.all(
      Array.from({ length: 12 }, () => transports.open({ ...node.spec, bastion: bastion.spec }, forever)),
    )
    expect(bastion.log().match(/Accepted publickey/g)).toHaveLength(1)
    const stream = await links[0]?.dial({ host: '127.0.0.1', port: node.port })
    expect(String((await stream?.take(1).toArray())?.[0])).toMatch(/^SSH-2.0-/)
    await Promise.all(links.map((link) => link.close()))
  })

  test('lets the bastion go with its last user, and connects again for the next', async () => {
    const [bastion, node] = await Promise.all([server([]), server([])])
    const transports = sshTransports({ readFile: (path) => readFile(path, 'utf8') })
    for (const _ of [1, 2]) {
      const link = await transports.open({ ...node.spec, bastion: bastion.spec }, forever)
      await link.close()
    }
    expect(bastion.log().match(/Accepted publickey/g)).toHaveLength(2)
  })

  test('is given up at once when connecting is cancelled', async () => {
    const node = await server([])
    const bastion = { ...node.spec, port: String(await silentPort()) }
    const transports = sshTransports({ readFile: (path) => readFile(path, 'utf8'), connectTimeoutMs: 60_000 })
    const opening = transports.open({ ...node.spec, bastion }, AbortSignal.timeout(200))
    await expect(opening).rejects.toMatchObject({ name: 'CancelledError' })
  }, 5000)

  test('reports which of the two refused the key', async () => {
    const [bastion, node] = await Promise.all([server([]), server([])])
    expect(await failure({ ...node.spec, bastion: { ...bastion.spec, sshKeyPath: key } })).toMatchObject({
      kind: 'authentication',
      step: 'connect to the bastion by SSH',
      message: expect.stringMatching(/^the server did not let root in/),
    })
    expect(await failure({ ...node.spec, sshKeyPath: key, bastion: bastion.spec })).toMatchObject({
      kind: 'authentication',
      step: 'connect by SSH through bastion 127.0.0.1',
      message: expect.stringMatching(/^the server did not let root in/),
    })
  })

  test('reports that the bastion cannot reach the node', async () => {
    const [bastion, port] = await Promise.all([server([]), freePort()])
    expect(await failure({ port: String(port), bastion: bastion.spec })).toMatchObject({
      kind: 'refused',
      step: 'connect by SSH through bastion 127.0.0.1',
    })
  })

  test('reports that the bastion does not forward', async () => {
    const [bastion, node] = await Promise.all([server(['AllowTcpForwarding no']), server([])])
    expect(await failure({ ...node.spec, bastion: bastion.spec })).toMatchObject({
      kind: 'forwarding-forbidden',
      message: expect.stringContaining('forbids TCP forwarding'),
      hint: expect.stringContaining('AllowTcpForwarding'),
    })
  })
})

async function listen(listener: Server): Promise<number> {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  cleanUp.push(async () => void listener.close())
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** A port that drops all connections: that of a server which sleeps, and whose queue is full. */
async function silentPort(): Promise<number> {
  const script = `const s = require('node:net').createServer()
    s.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))`
  const sleeper = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] })
  const [line] = await once(sleeper.stdout, 'data')
  sleeper.kill('SIGSTOP')
  const port = Number(String(line))
  const waiting = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined))
  cleanUp.push(async () => {
    for (const socket of waiting) socket.destroy()
    sleeper.kill('SIGKILL')
  })
  await Promise.all(waiting.slice(0, 2).map((socket) => once(socket, 'connect')))
  return port
}
