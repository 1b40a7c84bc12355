import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { main } from '../../../src/cli/main.ts'
import { fakeIo } from '../../unit/cli/fake-io.ts'
import { makeFolder, type Sshd, startSshd } from '../node/sshd.ts'
import { makeTestImage, removeTestImage, TEST_IMAGE } from '../node/test-image.ts'

let sshd: Sshd
let folder: string

const docker = (...args: string[]): string => execFileSync('docker', args, { encoding: 'utf8' })
const hasImage = (): boolean => docker('image', 'ls', '-q', TEST_IMAGE) !== ''

async function rke(...args: string[]) {
  const io = fakeIo({ env: { HOME: folder } })
  const code = await main(args, io)
  return { code, out: io.stdout.text() }
}

/** A cluster all of whose images are one small one, on this box behind an SSH server. */
function clusterFile(): string {
  return `
nodes:
  - address: 127.0.0.1
    port: ${sshd.port}
    user: root
    ssh_key_path: ${sshd.spec.sshKeyPath}
    role: [controlplane, etcd, worker]
network: {plugin: none}
dns: {provider: none}
ingress: {provider: none}
monitoring: {provider: none}
system_images:
  kubernetes: ${TEST_IMAGE}
  etcd: ${TEST_IMAGE}
  alpine: ${TEST_IMAGE}
  nginx_proxy: ${TEST_IMAGE}
  cert_downloader: ${TEST_IMAGE}
  kubernetes_services_sidecar: ${TEST_IMAGE}
  pod_infra_container: ${TEST_IMAGE}
`
}

beforeAll(async () => {
  sshd = await startSshd()
})

beforeEach(async () => {
  await makeTestImage()
  folder = makeFolder()
  writeFileSync(join(folder, 'cluster.yml'), clusterFile())
})

afterAll(async () => {
  removeTestImage()
  await sshd.stop()
})

const inFolder = (...args: string[]) => rke('images', ...args, '--config', join(folder, 'cluster.yml'))

test.each(['images.tar', 'images.tar.gz'])(
  'images go from the Docker of this machine through %s to a node that lacks them',
  async (name) => {
    const file = join(folder, name)
    expect(await inFolder('save', '--file', file)).toMatchObject({ code: 0 })
    expect(readdirSync(folder).sort()).toEqual(['cluster.yml', name])
    const magic = readFileSync(file).subarray(0, 2).toString('hex')
    expect(magic === '1f8b').toBe(name.endsWith('.gz'))
    removeTestImage()
    const { code, out } = await inFolder('load', '--file', file)
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('into [127.0.0.1]') })
    expect(hasImage()).toBe(true)
  },
)

test('a node’s own Docker saves them, too, and what it saves can be loaded here', async () => {
  const file = join(folder, 'images.tar')
  expect(await inFolder('save', '--file', file, '--node', '127.0.0.1')).toMatchObject({ code: 0 })
  removeTestImage()
  expect(await inFolder('load', '--file', file, '--local')).toMatchObject({ code: 0 })
  expect(hasImage()).toBe(true)
})

test('a node that has all images is sent nothing, unless that is asked for', async () => {
  const file = join(folder, 'images.tar')
  await inFolder('save', '--file', file)
  expect((await inFolder('load', '--file', file)).out).toContain('All images are there already: [127.0.0.1]')
  expect((await inFolder('load', '--file', file, '--force')).out).toContain('into [127.0.0.1]')
})

test('an archive without the cluster’s images is loaded with a warning that names what is missing', async () => {
  const other = `rke-node-test/other:${process.pid}`
  docker('tag', TEST_IMAGE, other)
  docker('save', '-o', join(folder, 'other.tar'), other)
  docker('image', 'rm', other)
  removeTestImage()
  const { code, out } = await inFolder('load', '--file', join(folder, 'other.tar'))
  docker('image', 'rm', other)
  expect(code).toBe(0)
  expect(out).toContain(`level=warning msg="[images] [127.0.0.1] still lacks ${TEST_IMAGE}`)
})

test('a file that is no archive is refused, and says what it should be', async () => {
  const file = join(folder, 'text.tar')
  writeFileSync(file, 'no archive\n'.repeat(1000))
  removeTestImage()
  const { code, out } = await inFolder('load', '--file', file)
  expect(code).toBe(12)
  expect(out).toMatch(/level=fatal .*127\.0\.0\.1: load images: Docker failed: .*must be an archive of/)
})

test('a save that fails leaves an older archive as it was, and nothing else', async () => {
  const file = join(folder, 'images.tar')
  writeFileSync(file, 'older')
  // A registry without images, which is not asked again.
  const registry = createServer((request, response) => {
    response.statusCode = request.url === '/v2/' ? 200 : 404
    response.end()
  })
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve))
  const image = `127.0.0.1:${(registry.address() as AddressInfo).port}/none:1`
  writeFileSync(
    join(folder, 'cluster.yml'),
    clusterFile().replace(`alpine: ${TEST_IMAGE}`, `alpine: ${image}`),
  )
  const { code, out } = await inFolder('save', '--file', file)
  registry.close()
  expect(code).toBe(12)
  expect(out).toContain(`pull image ${image}: the pull failed`)
  expect(readFileSync(file, 'utf8')).toBe('older')
  expect(readdirSync(folder).sort()).toEqual(['cluster.yml', 'images.tar'])
})

test('neither saving nor loading keeps the images in memory', async () => {
  removeTestImage()
  execFileSync('sh', ['-c', BIG], { stdio: ['ignore', 'ignore', 'inherit'] })
  const file = join(folder, 'images.tar')
  const before = process.memoryUsage().rss
  let peak = before
  const looking = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss)
  }, 20)
  await inFolder('save', '--file', file, '--node', '127.0.0.1')
  removeTestImage()
  await inFolder('load', '--file', file)
  clearInterval(looking)
  expect(hasImage()).toBe(true)
  expect(statSync(file).size).toBeGreaterThan(300_000_000)
  // What was read and written and not yet collected is among it.
  expect((peak - before) / 1e6).toBeLessThan(250)
})

/** Makes the image one of 300 MB. */
const BIG = `set -e; dir=$(mktemp -d); truncate -s 300M "$dir/big"
  tar -C "$dir" -c . | docker import - ${TEST_IMAGE}; rm -r "$dir"`
