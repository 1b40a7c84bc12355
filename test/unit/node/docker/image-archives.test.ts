import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Docker } from '../../../../src/node/docker/docker.ts'
import { connectedStreams } from '../../../sim/connected-streams.ts'
import { imageArchive } from '../../../sim/image-archive.ts'

type Reply = (request: IncomingMessage, response: ServerResponse) => void

let docker: Docker
let urls: string[]
let reply: Reply

const server = createServer((request, response) => {
  if (request.url === '/version') {
    response.setHeader('Content-Type', 'application/json')
    response.end('{"Version":"27.1","ApiVersion":"1.46","MinAPIVersion":"1.24"}')
    return
  }
  urls.push(`${request.method} ${request.url}`)
  reply(request, response)
})

beforeEach(() => {
  urls = []
  docker = new Docker('10.0.0.1', async () => {
    const [client, other] = connectedStreams()
    server.emit('connection', other)
    return client
  })
})

afterEach(() => docker.close())

test('an archive is asked for by the names of all images', async () => {
  const archive = await imageArchive(['a/b:1', 'r.io:5000/c:2'])
  reply = (_, response) => response.end(archive)
  const saved = await docker.saveImages(['a/b:1', 'r.io:5000/c:2'])
  expect((await buffer(saved)).equals(archive)).toBe(true)
  expect(urls).toEqual(['GET /v1.41/images/get?names=a%2Fb%3A1&names=r.io%3A5000%2Fc%3A2'])
})

test('what Docker finds damaged in the middle fails, although it answered 200', async () => {
  const said = '{"errorDetail":{"message":"layer missing"},"error":"layer missing"}'
  reply = (_, response) => response.end(`${'x'.repeat(5000)}${said}\n`)
  const saving = docker.saveImages(['a:1']).then(buffer)
  await expect(saving).rejects.toMatchObject({ name: 'DockerError', host: '10.0.0.1' })
  await expect(saving).rejects.toThrow(/Docker failed: .*layer missing/)
})

test('an archive that ends early fails, and so does one whose connection breaks', async () => {
  const archive = await imageArchive(['a:1'])
  reply = (_, response) => response.end(archive.subarray(0, -1024))
  await expect(docker.saveImages(['a:1']).then(buffer)).rejects.toThrow('the archive is cut short')
  reply = (_, response) => {
    response.write('x'.repeat(100))
    setImmediate(() => response.destroy())
  }
  await expect(docker.saveImages(['a:1']).then(buffer)).rejects.toMatchObject({ name: 'ConnectionError' })
})

test('loading says what was loaded, by name or else by id, and how many bytes went', async () => {
  reply = (request, response) => {
    request.resume().on('end', () => {
      response.write('{"stream":"Loaded image: a/b:1\\n"}\r\n')
      response.end('{"stream":"Loaded image ID: sha256:12\\n"}\r\n')
    })
  }
  const bytes: number[] = []
  const archive = Readable.from([Buffer.alloc(10), Buffer.alloc(5)])
  expect(await docker.loadImages(archive, { onProgress: (count) => bytes.push(count) })).toEqual([
    'a/b:1',
    'sha256:12',
  ])
  expect(bytes).toEqual([10, 15])
  expect(urls).toEqual(['POST /v1.41/images/load?quiet=false'])
})

test('an archive that Docker refuses in its answer’s stream is an error with a next step', async () => {
  reply = (request, response) => {
    request.resume().on('end', () => response.end('{"errorDetail":{"message":"unexpected EOF"}}'))
  }
  await expect(docker.loadImages(Readable.from(['x']))).rejects.toMatchObject({
    message: 'Docker failed: unexpected EOF',
    hint: expect.stringContaining('must be an archive of'),
  })
})

test('an archive that cannot be read fails with its own reason', async () => {
  reply = (request) => {
    request.resume()
  }
  async function* broken() {
    yield Buffer.alloc(10)
    throw new TypeError('EIO: the disk is broken')
  }
  await expect(docker.loadImages(Readable.from(broken()))).rejects.toThrow('EIO: the disk is broken')
})

test('a load can be cancelled, and its file is closed', async () => {
  const stop = new AbortController()
  reply = () => stop.abort()
  const archive = Readable.from([Buffer.alloc(10)])
  const loading = docker.loadImages(archive, { signal: stop.signal })
  await expect(loading).rejects.toMatchObject({ name: 'CancelledError' })
  expect(archive.destroyed).toBe(true)
})
