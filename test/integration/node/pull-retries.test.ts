import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PullRetry } from '../../../src/node/docker/docker-api.ts'
import type { Node } from '../../../src/node/node.ts'
import { openNode } from '../../../src/node/node-connection.ts'
import { localTransports } from '../../../src/node/transport/local-transport.ts'
import { ensureDocker } from '../../testbed/index.ts'

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json'
/** What a registry says besides the status. */
const REFUSALS: Readonly<Record<number, string>> = {
  404: '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}',
  429: '{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your pull rate limit"}]}',
}
const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** The parts of a small image, by their paths in a registry. */
async function smallImage(name: string): Promise<ReadonlyMap<string, Buffer>> {
  const tar = pack()
  tar.entry({ name: 'made-by' }, `rke pull test ${process.pid}`)
  tar.finalize()
  const content = await buffer(tar)
  const layer = gzipSync(content)
  const rootfs = { type: 'layers', diff_ids: [digestOf(content)] }
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs }))
  const about = (mediaType: string, bytes: Buffer) => ({
    mediaType,
    size: bytes.length,
    digest: digestOf(bytes),
  })
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: about('application/vnd.docker.container.image.v1+json', config),
      layers: [about('application/vnd.docker.image.rootfs.diff.tar.gzip', layer)],
    }),
  )
  return new Map([
    [`/v2/${name}/manifests/1`, manifest],
    [`/v2/${name}/manifests/${digestOf(manifest)}`, manifest],
    [`/v2/${name}/blobs/${digestOf(config)}`, config],
    [`/v2/${name}/blobs/${digestOf(layer)}`, layer],
  ])
}

const NAME = `rke-pull-test/small-${process.pid}`
let node: Node
let image: string
/** How many pulls still fail, and with what. */
let failing = { pulls: 0, status: 503 }
const server = createServer()

beforeAll(async () => {
  await ensureDocker()
  const parts = await smallImage(NAME)
  server.on('request', ({ method, url = '' }, response) => {
    // Each pull begins with this.
    if (url === '/v2/') {
      failing = { ...failing, pulls: failing.pulls - 1 }
      return response.end('{}')
    }
    const bytes = parts.get(url)
    response.setHeader('content-type', 'application/json')
    response.statusCode = failing.pulls >= 0 ? failing.status : bytes === undefined ? 404 : 200
    if (response.statusCode !== 200 || bytes === undefined) return response.end(REFUSALS[response.statusCode])
    response.setHeader('content-type', url.includes('/manifests/') ? MANIFEST : 'application/octet-stream')
    response.setHeader('content-length', bytes.length)
    response.setHeader('docker-content-digest', digestOf(bytes))
    return response.end(method === 'HEAD' ? undefined : bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  image = `127.0.0.1:${(server.address() as AddressInfo).port}/${NAME}:1`
  const transports = localTransports({ socket: '/var/run/docker.sock' })
  node = await openNode({ address: 'local', port: '', user: '' }, transports, new AbortController().signal)
})

afterAll(async () => {
  const { execFileSync } = await import('node:child_process')
  execFileSync('docker', ['image', 'rm', '--force', image], { stdio: 'ignore' })
  await node.close()
  server.close()
})

test.each([
  ['fails', 503, /503 Service Unavailable/],
  ['limits downloads', 429, /toomanyrequests/],
])('an image comes although its registry %s twice', async (_, status, why) => {
  failing = { pulls: 2, status }
  const retries: PullRetry[] = []
  await node.docker.pullImage(image, { onRetry: (retry) => retries.push(retry) })
  expect(await node.docker.inspectImage(image)).toMatchObject({ RepoTags: [image] })
  expect(retries).toMatchObject([
    { attempt: 2, reason: expect.stringMatching(why) },
    { attempt: 3, reason: expect.stringMatching(why) },
  ])
})

test('an image that its registry does not have is asked for once', async () => {
  failing = { pulls: 0, status: 503 }
  const retries: PullRetry[] = []
  const pulling = node.docker.pullImage(image.replace(/:1$/, ':none'), {
    onRetry: (retry) => retries.push(retry),
  })
  await expect(pulling).rejects.toMatchObject({
    name: 'ImagePullError',
    hint: expect.stringContaining('tag'),
  })
  expect(retries).toEqual([])
})
