import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { builtInMetadata } from '../../../src/catalog/built-in-metadata.ts'
import { createCatalog } from '../../../src/catalog/catalog.ts'
import { catalogCacheFile, openCatalog } from '../../../src/catalog/open-catalog.ts'
import { CatalogError } from '../../../src/errors.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rke-catalog-'))
})
afterAll(() => rm(folder, { recursive: true }))

const open: Server[] = []
afterEach(async () => {
  await Promise.all(
    open.splice(0).map((server) => {
      server.closeAllConnections()
      return new Promise((done) => server.close(done))
    }),
  )
})

/** A server that lasts for one test; the address of its document. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  open.push(server)
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/data.json`
}

const document = {
  RKEDefaultK8sVersions: { default: 'v1.40.0-rancher1-1' },
  K8sVersionRKESystemImages: { 'v1.40.0-rancher1-1': { etcd: 'e:1', alpine: 'rancher/rke-tools:v9' } },
  K8sVersionServiceOptions: { 'v1.40': { etcd: { a: 'b' }, kubeapi: null } },
  rke2: { anything: true },
}
const text = JSON.stringify(document)

test('without a location the built-in metadata answers', async () => {
  expect((await openCatalog()).defaultVersion).toBe('v1.30.5-rancher1-1')
  expect((await openCatalog('')).isKnown('v1.31.1-rancher1-1')).toBe(true)
})

describe('a file', () => {
  const write = async (content: string) => {
    const path = join(folder, 'data.json')
    await writeFile(path, content)
    return path
  }

  test('is a metadata document, in which maps may be missing or null', async () => {
    const catalog = await openCatalog(await write(text))
    expect(catalog.systemImages('v1.40.0-rancher1-1').etcd).toBe('e:1')
    expect(catalog.serviceOptions('v1.40.0-rancher1-1')).toMatchObject({ etcd: { a: 'b' }, kubeapi: {} })
    expect(catalog.backupImage('rancher/rke-tools:v1')).toBe('rancher/rke-tools:v9')
  })

  test('names its maps in any case, and may begin with a byte order mark', async () => {
    const path = await write(
      `\uFEFF${text.replace('K8sVersionRKESystemImages', 'k8sversionrkesystemimages')}`,
    )
    expect((await openCatalog(path)).isKnown('v1.40.0-rancher1-1')).toBe(true)
  })

  test.each([
    ['is no JSON', '{', /data\.json is not Kubernetes version metadata: Expected/],
    ['is cut off', text.slice(0, -20), /is not Kubernetes version metadata/],
    ['is a web page', '<html>', /is not Kubernetes version metadata/],
    ['is a list', '[]', /is not Kubernetes version metadata/],
    ['is empty', '', /is not Kubernetes version metadata/],
    ['holds no versions', '{"message": "not found"}', /it holds no Kubernetes versions/],
    [
      'has a map of another shape',
      '{"K8sVersionDockerInfo": {"1.30": "27.1.x"}}',
      /K8sVersionDockerInfo\.1\.30: Invalid input: expected array/,
    ],
    [
      'has thousands of wrong values',
      JSON.stringify({
        K8sVersionRKESystemImages: Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [n, n])),
      }),
      /^.{1,800}; and 2995 more$/,
    ],
  ])('that %s is an error with its path', async (_, content, message) => {
    const opening = openCatalog(await write(content))
    await expect(opening).rejects.toThrow(CatalogError)
    await expect(opening).rejects.toThrow(message)
  })

  test('that does not exist, or is a folder, or is too large, is an error that says so', async () => {
    await expect(openCatalog(join(folder, 'none'))).rejects.toThrow(/none: there is no such file/)
    await expect(openCatalog(folder)).rejects.toThrow(/it is a folder/)
    const path = await write(text)
    await expect(openCatalog(path, { maxBytes: 10 })).rejects.toThrow(/it is larger than 1 MiB/)
  })

  test('must have the digest that is asked for', async () => {
    const path = await write(text)
    const sha256 = createHash('sha256').update(text).digest('hex')
    expect((await openCatalog(path, { sha256: sha256.toUpperCase() })).defaultVersion).toContain('v1.40')
    await expect(openCatalog(path, { sha256: 'abc' })).rejects.toThrow(`its SHA-256 is ${sha256}, not abc`)
  })
})

describe('a URL', () => {
  test('is fetched, and its digest told', async () => {
    const told: string[] = []
    const url = await serve((_, response) => response.end(text))
    const catalog = await openCatalog(url, { notice: (_, message) => told.push(message) })
    expect(catalog.defaultVersion).toBe('v1.40.0-rancher1-1')
    expect(told).toEqual([expect.stringMatching(/^version metadata from http:.*SHA-256 [0-9a-f]{64}$/)])
  })

  test('with a name and password sends these, and shows them nowhere', async () => {
    const url = await serve((request, response) => {
      const { authorization = '' } = request.headers
      const pair = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString()
      response.writeHead(pair === 'me:p@ss' ? 200 : 401).end(text)
    })
    const withPair = (pair: string) => url.replace('http://', `http://${pair}@`)
    expect((await openCatalog(withPair('me:p%40ss'))).defaultVersion).toBe('v1.40.0-rancher1-1')
    const refused = await openCatalog(withPair('me:hunter2')).catch((error: unknown) => error)
    expect(String(refused)).toMatch(/the server answered 401/)
    expect(String(refused)).not.toContain('hunter2')
  })

  test('is shown without the values of its query, where tokens and signatures stand', async () => {
    const url = await serve((_, response) => response.writeHead(403).end())
    const refused = await openCatalog(`${url}?ref=main&private_token=hunter2#top`).catch(String)
    expect(refused).toContain('?ref=…&private_token=…#top: the server answered 403')
    expect(refused).not.toContain('hunter2')
  })

  test.each<[string, RequestListener, RegExp]>([
    ['answers with an error', (_, response) => response.writeHead(503).end('{}'), /answered 503/],
    [
      'answers with something else',
      (_, response) => response.end('<html>'),
      /is not Kubernetes version metadata/,
    ],
    [
      'breaks off',
      (_, response) => {
        response.writeHead(200, { 'content-length': String(text.length) }).write(text.slice(0, 50))
        setImmediate(() => response.destroy())
      },
      /cannot read the version metadata at http:/,
    ],
    ['never ends', (_, response) => void response.write(text.slice(0, 50)), /it was not there after 0\.3 s/],
    ['never answers', () => {}, /it was not there after 0\.3 s/],
    [
      'sends more than there can be',
      (_, response) => void response.end(Buffer.alloc(3_000_000, ' ')),
      /it is larger than 2 MiB/,
    ],
  ])('that %s is an error that says so', async (_, listener, message) => {
    const opening = openCatalog(await serve(listener), { timeoutMs: 300, maxBytes: 2 ** 21 })
    await expect(opening).rejects.toThrow(CatalogError)
    await expect(opening).rejects.toThrow(message)
  })

  test('where nobody listens, and one that is none, are errors that say so', async () => {
    await expect(openCatalog('http://127.0.0.1:1/data.json')).rejects.toThrow(
      /127\.0\.0\.1:1.*(ECONNREFUSED|bad port)/,
    )
    await expect(openCatalog('http://')).rejects.toThrow(/it is not a valid URL/)
  })

  test('is asked through the proxy of the environment', async () => {
    const asked: string[] = []
    const proxy = createServer()
    proxy.on('connect', (request, socket) => {
      asked.push(request.url ?? '')
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    })
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
    open.push(proxy)
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    await expect(
      openCatalog('https://example.org/data.json', { env: { https_proxy: address } }),
    ).rejects.toThrow(CatalogError)
    expect(asked).toEqual(['example.org:443'])
  })
})

describe('a kept document', () => {
  test('is used when none can be fetched, with a warning', async () => {
    let answer = text
    const url = await serve((_, response) => {
      if (answer === '') response.writeHead(500).end()
      else response.end(answer)
    })
    const cacheFile = catalogCacheFile(join(folder, 'cache'), url)
    const told: string[] = []
    const openIt = () =>
      openCatalog(url, { cacheFile, notice: (severity, message) => told.push(`${severity} ${message}`) })
    await openIt()
    expect(await readFile(cacheFile, 'utf8')).toBe(text)
    for (answer of ['', '<html>', text.slice(0, -9)]) {
      told.length = 0
      expect((await openIt()).defaultVersion).toBe('v1.40.0-rancher1-1')
      expect(told).toEqual([expect.stringMatching(/^warning .*; the document fetched 20.* is used instead$/)])
      expect(await readFile(cacheFile, 'utf8')).toBe(text)
    }
    expect(await readdir(join(folder, 'cache'))).toHaveLength(1)
  })

  test('that is none itself is not used', async () => {
    const url = await serve((_, response) => response.writeHead(500).end())
    const cacheFile = join(folder, 'broken-cache')
    await writeFile(cacheFile, text.slice(0, 30))
    await expect(openCatalog(url, { cacheFile })).rejects.toThrow(/answered 500/)
  })

  test('that cannot be written is only a warning', async () => {
    const told: string[] = []
    const url = await serve((_, response) => response.end(text))
    await writeFile(join(folder, 'no-folder'), '')
    const cacheFile = join(folder, 'no-folder', 'cache')
    await openCatalog(url, { cacheFile, notice: (severity) => told.push(severity) })
    expect(told).toEqual(['debug', 'warning'])
  })

  test('of one URL is not that of another', () => {
    expect(catalogCacheFile('/c', 'http://a')).not.toBe(catalogCacheFile('/c', 'http://b'))
  })
})

test.each([
  [['>=1.20.0-rancher0', '>=1.28.0-rancher0']],
  [['>=1.28.0-rancher0', '>=1.20.0-rancher0']],
  [['<1.40.0', '>=1.8.0-rancher0 <1.9.0-rancher0 || >=1.28.0-rancher0']],
])('of ranges that overlap that with the greatest lower bound counts: %j', (ranges) => {
  const texts = Object.fromEntries(ranges.map((range) => [range, range]))
  const catalog = createCatalog({
    ...builtInMetadata,
    K8sVersionedTemplates: { flannel: texts, templateKeys: texts },
  })
  const least = ranges.find((range) => !range.includes('1.28.0')) ?? ''
  const greatest = ranges.find((range) => range.includes('1.28.0')) ?? ''
  expect(catalog.addonTemplate('flannel', 'v1.27.6-rancher1-1')).toBe(least)
  expect(catalog.addonTemplate('flannel', 'v1.28.14-rancher1-1')).toBe(greatest)
  expect(catalog.addonTemplateText('flannel', 'v1.27.6-rancher1-1')).toEqual({ id: least, text: least })
  expect(catalog.addonTemplateText('flannel', 'v1.28.14-rancher1-1')).toEqual({
    id: greatest,
    text: greatest,
    overlapping: [greatest, least],
  })
})
