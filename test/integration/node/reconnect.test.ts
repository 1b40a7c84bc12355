import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { Node } from '../../../src/node/node.ts'
import { openNode } from '../../../src/node/node-connection.ts'
import { type SshTransportOptions, sshTransports } from '../../../src/node/transport/ssh-transport.ts'
import { freePort, makeFolder, makeKey, type Sshd, startSshd } from './sshd.ts'
import { makeTestImage, removeTestImage, TEST_IMAGE } from './test-image.ts'

const cleanUp: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of cleanUp.splice(0).reverse()) await stop()
})

async function connected(
  config: readonly string[] = [],
  options: Partial<SshTransportOptions> = {},
): Promise<{ sshd: Sshd; node: Node }> {
  const sshd = await startSshd(config)
  cleanUp.push(() => sshd.stop())
  const transports = sshTransports({ readFile: (path) => readFile(path, 'utf8'), ...options })
  const node = await openNode(sshd.spec, transports, new AbortController().signal)
  cleanUp.push(() => node.close())
  return { sshd, node }
}

/** Processes of the server's connections. */
function sessions(sshd: Sshd): number[] {
  const pids = execFileSync('pgrep', ['-f', `^sshd: root`], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number)
  const logged = [...sshd.log().matchAll(/User child is on pid (\d+)/g)].map(([, pid]) => Number(pid))
  const own = new Set([...logged, ...childrenOf(sshd)])
  return pids.filter((pid) => own.has(pid))
}

function childrenOf(sshd: Sshd): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
  const rows = table
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
  const server = rows.find((row) => row.includes(`${sshd.folder}/sshd_config`))?.[0]
  return rows.filter(([, parent]) => parent === server).map(([pid]) => Number(pid))
}

function signalSessions(sshd: Sshd, signal: NodeJS.Signals): void {
  const pids = sessions(sshd)
  if (pids.length === 0) throw new Error('the server has no connection')
  for (const pid of pids) process.kill(pid, signal)
}

test('a lost connection fails the streams in it, and the next dial connects again', async () => {
  const { sshd, node } = await connected()
  const stream = await node.dial({ socket: '/var/run/docker.sock' })
  const failed = once(stream, 'error')
  signalSessions(sshd, 'SIGKILL')
  expect(await failed).toMatchObject([{ kind: 'closed', host: '127.0.0.1' }])
  expect(await node.docker.info()).toMatchObject({ OSType: 'linux' })
})

test('a lost bastion is connected to again, once, for all nodes behind it', async () => {
  const [bastion, target] = await Promise.all([startSshd(), startSshd()])
  cleanUp.push(
    () => bastion.stop(),
    () => target.stop(),
  )
  const transports = sshTransports({ readFile: (path) => readFile(path, 'utf8') })
  const spec = { ...target.spec, bastion: bastion.spec }
  const nodes = await Promise.all(
    [1, 2, 3].map(() => openNode(spec, transports, new AbortController().signal)),
  )
  const streams = await Promise.all(nodes.map((node) => node.dial({ socket: '/var/run/docker.sock' })))
  const failed = Promise.all(streams.map((stream) => once(stream, 'error')))
  signalSessions(bastion, 'SIGKILL')
  expect((await failed).map(([error]) => error.kind)).toEqual(['closed', 'closed', 'closed'])
  await Promise.all(nodes.map((node) => node.docker.info()))
  expect(bastion.log().match(/Accepted publickey/g)).toHaveLength(2)
  await Promise.all(nodes.map((node) => node.close()))
})

test('a request that was waiting when the connection was lost fails; a reading one is sent again', async () => {
  await makeTestImage()
  const name = `rke-reconnect-test-${process.pid}`
  execFileSync('docker', ['run', '--detach', '--name', name, TEST_IMAGE, 'sleep', '600'])
  cleanUp.push(async () => {
    execFileSync('docker', ['rm', '--force', '--volumes', name])
    removeTestImage()
  })
  const { sshd, node } = await connected()
  await node.docker.info()
  const streams = (): number => sshd.log().match(/ctype direct-streamlocal@openssh\.com/g)?.length ?? 0
  const before = streams()
  const waiting = node.docker.waitContainer(name, { limitMs: 60_000 })
  const failed = expect(waiting).rejects.toMatchObject({ kind: 'closed' })
  await expect.poll(streams).toBe(before + 1)
  signalSessions(sshd, 'SIGKILL')
  await failed
  const lists = await Promise.all(Array.from({ length: 12 }, () => node.docker.listContainers()))
  expect(lists).toHaveLength(12)
})

test('a server that falls silent is noticed', async () => {
  const { sshd, node } = await connected([], { keepaliveMs: 100 })
  const stream = await node.dial({ socket: '/var/run/docker.sock' })
  const failed = once(stream, 'error')
  signalSessions(sshd, 'SIGSTOP')
  expect(await failed).toMatchObject([
    { kind: 'closed', message: expect.stringContaining('Keepalive timeout') },
  ])
})

test('one connection carries many streams, whatever MaxSessions says', async () => {
  const { sshd, node } = await connected(['MaxSessions 1'])
  const port = await listen((socket) => socket.end('hello'))
  const streams = await Promise.all(Array.from({ length: 60 }, () => node.dial({ host: '127.0.0.1', port })))
  const greetings = await Promise.all(
    streams.map(async (stream) => String((await stream.take(1).toArray())[0])),
  )
  expect(greetings).toEqual(Array.from({ length: 60 }, () => 'hello'))
  expect(sshd.log().match(/Accepted publickey/g)).toHaveLength(1)
})

test('a server that starts just now is tried again', async () => {
  const port = await freePort()
  const folder = makeFolder()
  const key = makeKey(folder, 'id')
  const transports = sshTransports({ readFile: (path) => readFile(path, 'utf8') })
  const spec = { address: '127.0.0.1', port: String(port), user: 'root', sshKeyPath: key }
  const opening = openNode(spec, transports, new AbortController().signal)
  const sshd = await startSshd([], { port, publicKeys: [`${key}.pub`] })
  cleanUp.push(() => sshd.stop())
  const node = await opening
  await node.close()
  expect(sshd.log()).toContain('Accepted publickey')
})

test('a node that was closed stays closed', async () => {
  const { node } = await connected()
  await node.close()
  await expect(node.dial({ host: '127.0.0.1', port: 1 })).rejects.toMatchObject({ kind: 'closed' })
  await expect(node.docker.info()).rejects.toMatchObject({ kind: 'closed' })
})

test('connecting can be cancelled', async () => {
  const { sshd } = await connected()
  const transports = sshTransports({ readFile: (path) => readFile(path, 'utf8') })
  const stop = new AbortController()
  const opening = openNode({ ...sshd.spec, port: '1' }, transports, stop.signal)
  stop.abort()
  await expect(opening).rejects.toMatchObject({ name: 'CancelledError' })
})

test('large amounts arrive whole in both directions', async () => {
  const { node } = await connected()
  const port = await listen((socket) => socket.pipe(socket))
  const stream = await node.dial({ host: '127.0.0.1', port })
  const sent = Buffer.alloc(20 * 1024 * 1024, 'abcdefghijk')
  stream.write(sent)
  const received: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    received.push(chunk)
    length += chunk.length
    if (length >= sent.length) break
  }
  expect(Buffer.concat(received).equals(sent)).toBe(true)
})

async function listen(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer(onConnection)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUp.push(async () => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
