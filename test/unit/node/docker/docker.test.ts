import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Docker } from '../../../../src/node/docker/docker.ts'
import { Secret } from '../../../../src/secret.ts'
import { connectedStreams } from '../../../sim/connected-streams.ts'

type Reply = (request: IncomingMessage, response: ServerResponse, body: string) => void

let docker: Docker
let opened: Duplex[]
let requests: { readonly line: string; readonly headers: IncomingMessage['headers']; readonly body: string }[]
let reply: Reply

const server = createServer(async (request, response) => {
  const body = await text(request)
  requests.push({ line: `${request.method} ${request.url}`, headers: request.headers, body })
  response.setHeader('Content-Type', 'application/json')
  if (request.url === '/version')
    response.end('{"Version":"27.1","ApiVersion":"1.46","MinAPIVersion":"1.24"}')
  else reply(request, response, body)
})

beforeEach(() => {
  opened = []
  requests = []
  reply = (_, response) => response.end('{}')
  docker = new Docker('10.0.0.1', async () => {
    const [client, other] = connectedStreams()
    opened.push(client)
    server.emit('connection', other)
    return client
  })
})

afterEach(() => {
  docker.close()
  vi.unstubAllEnvs()
})

function refuse(status: number, message: string): void {
  reply = (_, response) => {
    response.statusCode = status
    response.end(JSON.stringify({ message }))
  }
}

test('requests use API 1.41 where Docker takes it, and one connection after the other', async () => {
  await docker.inspectContainer('etcd')
  await docker.inspectContainer('kubelet')
  expect(requests.map(({ line }) => line)).toEqual([
    'GET /version',
    'GET /v1.41/containers/etcd/json',
    'GET /v1.41/containers/kubelet/json',
  ])
  expect(opened).toHaveLength(1)
})

test('at most eight connections are open for short requests', async () => {
  reply = (_, response) => setImmediate(() => response.end('{}'))
  await Promise.all(Array.from({ length: 50 }, (_, index) => docker.inspectContainer(`c${index}`)))
  expect(opened.length).toBeLessThanOrEqual(8)
})

test('the environment of the program has no say in it', async () => {
  vi.stubEnv('DOCKER_HOST', 'tcp://example.invalid:2376')
  vi.stubEnv('DOCKER_CLIENT_TIMEOUT', '1')
  reply = (_, response) => setTimeout(() => response.end('{}'), 20)
  await docker.inspectContainer('etcd')
  expect(opened).toHaveLength(1)
})

test('a container configuration is sent as the body, never in the address', async () => {
  reply = (_, response) => response.end('{"Id":"abc"}')
  const spec = { Image: 'x:1', Env: ['TOKEN=secret'], HostConfig: { Binds: ['/a:/a'] } }
  expect(await docker.createContainer('etcd', spec)).toEqual({ id: 'abc' })
  expect(requests.at(-1)).toMatchObject({
    line: 'POST /v1.41/containers/create?name=etcd',
    body: JSON.stringify(spec),
  })
})

test('registry credentials go in their header, as Docker encodes them', async () => {
  await docker.pullImage('reg.example.com/x:1', { auth: new Secret({ username: 'u', password: 'p' }) })
  await docker.pullImage('reg.example.com/y:1', { auth: new Secret({}) })
  await docker.pullImage('reg.example.com/z:1')
  expect(requests.slice(1).map(({ headers }) => headers['x-registry-auth'])).toEqual([
    'eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6InAifQ==',
    'e30=',
    undefined,
  ])
  expect(requests.at(-1)?.line).toBe('POST /v1.41/images/create?fromImage=reg.example.com%2Fz&tag=1')
})

test('a pull that fails in its stream is an error with the reason and what to do', async () => {
  reply = (_, response) => {
    response.write('{"status":"Pulling from x"}\n')
    response.end('{"errorDetail":{"message":"unauthorized: no"},"error":"unauthorized: no"}\n')
  }
  await expect(docker.pullImage('x:1')).rejects.toMatchObject({
    name: 'ImagePullError',
    message: 'the pull failed: unauthorized: no',
    hint: expect.stringContaining('private_registries'),
  })
})

test('a pull that Docker refuses at once is the same error', async () => {
  refuse(404, 'pull access denied for x, repository does not exist')
  await expect(docker.pullImage('x:1')).rejects.toMatchObject({
    name: 'ImagePullError',
    message: expect.stringMatching(/the pull failed: pull access denied/),
    host: '10.0.0.1',
  })
})

test('pulls of one image at the same time are one pull, and each is told its progress', async () => {
  reply = (_, response) => {
    response.end('{"status":"Downloading","id":"a","progressDetail":{"current":5,"total":10}}\n')
  }
  const seen: [number, number][] = []
  const pull = () => docker.pullImage('x:1', { onProgress: (done, total) => void seen.push([done, total]) })
  await Promise.all([pull(), pull()])
  expect(requests.filter(({ line }) => line.includes('/images/create'))).toHaveLength(1)
  expect(seen).toEqual([
    [5, 10],
    [5, 10],
  ])
})

test('a pull goes on for those who still wait when one gives up', async () => {
  let finish = (): void => undefined
  reply = (_, response) => {
    response.write('{"status":"Pulling"}\n')
    finish = () => void response.end()
  }
  const stop = new AbortController()
  const impatient = docker.pullImage('x:1', { signal: stop.signal })
  const patient = docker.pullImage('x:1')
  await vi.waitFor(() => expect(requests).toHaveLength(2))
  stop.abort()
  await expect(impatient).rejects.toMatchObject({ name: 'CancelledError' })
  finish()
  await patient
})

test('what is gone already need not be removed', async () => {
  refuse(404, 'No such container: etcd')
  await docker.removeContainer('etcd', { force: true, volumes: true })
  expect(await docker.inspectContainer('etcd')).toBeUndefined()
})

test('a container that somebody else is removing is waited for until it is gone', async () => {
  reply = (request, response) => {
    if (request.method === 'DELETE') {
      response.statusCode = 409
      response.end('{"message":"removal of container etcd is already in progress"}')
    } else response.end('{"StatusCode":0}')
  }
  await docker.removeContainer('etcd', { force: true, volumes: true })
  expect(requests.at(-1)?.line).toMatch(/^POST .*\/containers\/etcd\/wait\?condition=removed$/)
})

test("a refusal keeps Docker's own words", async () => {
  refuse(500, 'driver failed programming external connectivity: address already in use')
  await expect(docker.startContainer('etcd')).rejects.toMatchObject({
    name: 'DockerError',
    message: 'Docker failed: driver failed programming external connectivity: address already in use',
    hint: expect.stringContaining('port'),
  })
})

test('a reading request is sent again when its connection was lost; a changing one is not', async () => {
  await docker.inspectContainer('etcd')
  let lose = true
  reply = (_, response) => {
    if (lose) response.socket?.destroy()
    else response.end('{}')
    lose = false
  }
  await docker.inspectContainer('etcd')
  lose = true
  await expect(docker.startContainer('etcd')).rejects.toMatchObject({ kind: 'closed', host: '10.0.0.1' })
})

test('a path that a container does not have is told from a container that is not there', async () => {
  refuse(404, 'Could not find the file /x in container etcd')
  expect(await docker.getArchive('etcd', '/x')).toBeUndefined()
  refuse(404, 'No such container: etcd')
  await expect(docker.getArchive('etcd', '/x')).rejects.toThrow('No such container')
})

test('closing ends what is under way, and nothing is sent after that', async () => {
  reply = () => docker.close()
  await expect(docker.startContainer('etcd')).rejects.toMatchObject({ name: 'CancelledError' })
  await expect(docker.info()).rejects.toMatchObject({ kind: 'closed', host: '10.0.0.1' })
})
