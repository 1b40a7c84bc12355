import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { duplexPair, Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { Docker } from '../../../../src/node/docker/docker.ts'
import type { DockerApi, RequestOptions } from '../../../../src/node/docker/docker-api.ts'
import type { Time } from '../../../../src/time.ts'

/** Limits that are over when the test says so. */
class Limits implements Time {
  readonly set: { readonly milliseconds: number; readonly controller: AbortController }[] = []
  async pause(): Promise<void> {}
  limit(milliseconds: number): AbortSignal {
    const controller = new AbortController()
    this.set.push({ milliseconds, controller })
    return controller.signal
  }
  /** All limits that there are now. */
  pass(): void {
    for (const { controller } of this.set.splice(0)) controller.abort()
  }
}

type Reply = (request: IncomingMessage, response: ServerResponse) => void

/** A Docker that tells its version and then does what `reply` says. */
function dockerThat(reply: Reply, time?: Time): Docker {
  const server = createServer((request, response) => {
    if (request.url === '/version') response.end('{"Version":"27.1","ApiVersion":"1.46"}')
    else reply(request, response)
  })
  return new Docker(
    '10.0.0.1',
    async () => {
      const [client, other] = duplexPair()
      server.emit('connection', other)
      return client
    },
    time,
  )
}

const archive = () => Readable.from([Buffer.alloc(10)])
const removal = { force: true, volumes: true }

/** Every request to Docker. */
const REQUESTS: readonly (readonly [
  keyof DockerApi,
  (docker: DockerApi, options: RequestOptions) => Promise<unknown>,
])[] = [
  ['info', (docker, options) => docker.info(options)],
  ['listContainers', (docker, options) => docker.listContainers(options)],
  ['inspectContainer', (docker, options) => docker.inspectContainer('etcd', options)],
  ['createContainer', (docker, options) => docker.createContainer('etcd', { Image: 'x' }, options)],
  ['startContainer', (docker, options) => docker.startContainer('etcd', options)],
  ['stopContainer', (docker, options) => docker.stopContainer('etcd', { graceSeconds: 5, ...options })],
  ['restartContainer', (docker, options) => docker.restartContainer('etcd', { graceSeconds: 5, ...options })],
  ['renameContainer', (docker, options) => docker.renameContainer('etcd', 'old-etcd', options)],
  ['setRestartPolicy', (docker, options) => docker.setRestartPolicy('etcd', 'no', options)],
  ['removeContainer', (docker, options) => docker.removeContainer('etcd', { ...removal, ...options })],
  ['waitContainer', (docker, options) => docker.waitContainer('etcd', { limitMs: 1000, ...options })],
  ['logs', (docker, options) => docker.logs('etcd', options)],
  ['inspectImage', (docker, options) => docker.inspectImage('x:1', options)],
  ['pullImage', (docker, options) => docker.pullImage('x:1', options)],
  ['saveImages', (docker, options) => docker.saveImages(['x:1'], options)],
  ['loadImages', (docker, options) => docker.loadImages(archive(), options)],
  ['putArchive', (docker, options) => docker.putArchive('etcd', '/', Buffer.alloc(10), options)],
  ['getArchive', (docker, options) => docker.getArchive('etcd', '/', options)],
  ['statOf', (docker, options) => docker.statOf('etcd', '/', options)],
]

const neverAnswers: Reply = () => {}

describe.each(REQUESTS)('%s, where Docker never answers,', (name, send) => {
  test('ends with its signal', async () => {
    const stop = new AbortController()
    const docker = dockerThat(() => stop.abort())
    await expect(send(docker, { signal: stop.signal })).rejects.toMatchObject({ name: 'CancelledError' })
    await expect(send(docker, { signal: stop.signal })).rejects.toMatchObject({ name: 'CancelledError' })
  })

  test('ends when the node is closed', async () => {
    const docker = dockerThat(() => docker.close())
    await expect(send(docker, {})).rejects.toMatchObject({ name: 'CancelledError' })
  })

  test('ends when the node is closed before there is a connection', async () => {
    const docker = new Docker('10.0.0.1', () => new Promise(() => {}))
    const sent = send(docker, {})
    docker.close()
    await expect(sent).rejects.toMatchObject({
      name: expect.stringMatching(/CancelledError|ConnectionError/),
    })
  })

  test('has a deadline', async () => {
    const time = new Limits()
    let passing: NodeJS.Timeout | undefined
    const docker = dockerThat(() => {
      passing = setInterval(() => time.pass(), 5)
    }, time)
    const sent = send(docker, {}).finally(() => clearInterval(passing))
    if (name === 'waitContainer') expect(await sent).toBeUndefined()
    else await expect(sent).rejects.toThrow(/nothing came from Docker within \d+ s/)
  })
})

test('all requests are in this list', () => {
  const methods = Object.getOwnPropertyNames(Docker.prototype)
  expect(REQUESTS.map(([name]) => name).sort()).toEqual(
    methods.filter((name) => !['constructor', 'close'].includes(name)).sort(),
  )
})

describe('a transfer', () => {
  test('goes on as long as something comes', async () => {
    const time = new Limits()
    const docker = dockerThat((_, response) => {
      const pieces = setInterval(() => {
        response.write('x')
        setImmediate(() => time.pass())
      }, 5)
      setTimeout(() => {
        clearInterval(pieces)
        response.end()
      }, 60)
    }, time)
    const content = await docker.getArchive('etcd', '/')
    expect((await buffer(content ?? archive())).length).toBeGreaterThan(3)
  })

  test('ends when nothing comes any more', async () => {
    const time = new Limits()
    const docker = dockerThat((_, response) => {
      response.write('x')
      setTimeout(() => time.pass(), 20)
      setTimeout(() => time.pass(), 40)
    }, time)
    const content = await docker.getArchive('etcd', '/')
    await expect(buffer(content ?? archive())).rejects.toThrow('nothing came from Docker')
  })

  test('waits for a slow reader', async () => {
    const time = new Limits()
    const docker = dockerThat((_, response) => {
      response.end(Buffer.alloc(1_000_000))
    }, time)
    const content = (await docker.getArchive('etcd', '/')) ?? archive()
    const pieces = content[Symbol.asyncIterator]()
    let size = (await pieces.next()).value.length
    for (let count = 0; count < 5; count++) time.pass()
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) size += next.value.length
    expect(size).toBe(1_000_000)
  })

  test('of an upload ends when Docker takes nothing any more', async () => {
    const time = new Limits()
    const docker = dockerThat(neverAnswers, time)
    async function* endless() {
      for (;;) yield Buffer.alloc(65_536)
    }
    const sent = docker.putArchive('etcd', '/', Readable.from(endless(), { objectMode: false }))
    const passing = setInterval(() => time.pass(), 20)
    await expect(sent).rejects.toThrow('nothing came from Docker')
    clearInterval(passing)
  })
})
