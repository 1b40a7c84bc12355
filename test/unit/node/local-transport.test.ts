import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { localTransports } from '../../../src/node/transport/local-transport.ts'

const spec = { address: 'localhost', port: '', user: '' }
const never = new AbortController().signal
let server: Server | undefined

afterEach(() => server?.close())

async function listen(at: string | number): Promise<number> {
  server = createServer((socket) => socket.end('hello'))
  server.listen(typeof at === 'number' ? { host: '127.0.0.1', port: at } : { path: at })
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

test('whatever socket is dialled, Docker of this machine answers', async () => {
  const socket = join(tmpdir(), `rke-local-${process.pid}.sock`)
  await listen(socket)
  const link = await localTransports({ socket }).open(spec, never)
  expect(await text(await link.dial({ socket: '/var/run/docker.sock' }))).toBe('hello')
  await link.close()
  expect(await link.closed).toEqual({})
})

test('an address is dialled as it is, also when Docker is there', async () => {
  const port = await listen(0)
  const link = await localTransports({ host: '127.0.0.1', port }).open(spec, never)
  expect(await text(await link.dial({ host: '127.0.0.1', port }))).toBe('hello')
  expect(await text(await link.dial({ socket: '/var/run/docker.sock' }))).toBe('hello')
  await link.close()
})

test('a Docker that is not there is named, with what to do', async () => {
  const link = await localTransports({ socket: '/nowhere/docker.sock' }).open(spec, never)
  await expect(link.dial({ socket: '/var/run/docker.sock' })).rejects.toMatchObject({
    kind: 'docker-missing',
    message: expect.stringContaining('cannot connect to Docker at /nowhere/docker.sock'),
    hint: expect.stringContaining('DOCKER_HOST'),
  })
})

test('an address where nobody listens is told from one that cannot be reached', async () => {
  const port = await listen(0)
  server?.close()
  const link = await localTransports({ socket: '/nowhere/docker.sock' }).open(spec, never)
  await expect(link.dial({ host: '127.0.0.1', port })).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining(`cannot connect to 127.0.0.1:${port}`),
  })
})

test('a dial that is cancelled ends', async () => {
  const link = await localTransports({ host: '192.0.2.1', port: 2375 }).open(spec, never)
  const stop = new AbortController()
  const dialling = link.dial({ socket: '/var/run/docker.sock' }, stop.signal)
  stop.abort()
  await expect(dialling).rejects.toMatchObject({ name: 'ConnectionError' })
})
