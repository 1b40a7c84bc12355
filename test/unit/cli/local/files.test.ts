import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { includeReader } from '../../../../src/cli/local/cluster-file/read-include.ts'
import { saveKubeconfig } from '../../../../src/cli/local/files/kubeconfig-file.ts'
import { StateError } from '../../../../src/errors.ts'
import { Secret } from '../../../../src/secret.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rke-files-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

describe('the kubeconfig', () => {
  test('is readable for its owner alone, and is written only if it differs', async () => {
    const path = join(folder, 'kube_config_cluster.yml')
    expect(await saveKubeconfig(path, new Secret('a'))).toBe(true)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const before = await stat(path)
    expect(await saveKubeconfig(path, new Secret('a'))).toBe(false)
    expect((await stat(path)).ino).toBe(before.ino)
    expect(await saveKubeconfig(path, new Secret('b'))).toBe(true)
    expect(await readFile(path, 'utf8')).toBe('b')
  })

  test('that others may read stays readable to them', async () => {
    const path = join(folder, 'kube_config_shared.yml')
    await writeFile(path, 'a')
    await chmod(path, 0o640)
    await saveKubeconfig(path, new Secret('b'))
    expect((await stat(path)).mode & 0o777).toBe(0o640)
  })

  test('that cannot be written is an error without its content', async () => {
    const saving = saveKubeconfig(join(folder, 'nowhere/kube_config'), new Secret('TOPSECRET'))
    await expect(saving).rejects.toThrow(StateError)
    await expect(saving).rejects.not.toThrow(/TOPSECRET/)
  })
})

describe('addons_include', () => {
  test('reads a path from beside the cluster file', async () => {
    await mkdir(join(folder, 'env'), { recursive: true })
    await writeFile(join(folder, 'env/addon.yml'), 'kind: ConfigMap')
    const read = includeReader(join(folder, 'env/cluster.yml'), {})
    expect(await read('addon.yml')).toBe('kind: ConfigMap')
    expect(await read(join(folder, 'env/addon.yml'))).toBe('kind: ConfigMap')
  })

  test('gives nothing for a file that is not there', async () => {
    expect(await includeReader(join(folder, 'cluster.yml'), {})('gone.yml')).toBeUndefined()
  })

  test('fails for what is there and cannot be read', async () => {
    const path = join(folder, 'is-a-folder')
    await mkdir(path)
    await expect(includeReader(join(folder, 'cluster.yml'), {})(path)).rejects.toThrow(/EISDIR/)
  })
})

describe('addons_include from the network', () => {
  let server: Server
  let base = ''
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/addon.yml') response.end('kind: Service')
      else if (request.url === '/moved.yml') response.writeHead(302, { location: '/addon.yml' }).end()
      else if (request.url === '/packed.yml') {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('kind: Packed'))
      } else if (request.url === '/named.yml') response.end(request.headers.authorization)
      else if (request.url === '/large.yml') response.end(Buffer.alloc(5 * 1024 * 1024))
      else if (request.url !== '/silent.yml') response.writeHead(404).end('no such page')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  const read = (path: string, signal?: AbortSignal) =>
    includeReader('cluster.yml', { NO_PROXY: '127.0.0.1' })(`${base}${path}`, signal)

  test('is the body of a good answer', async () => {
    expect(await read('/addon.yml')).toBe('kind: Service')
  })

  test('is followed where it is now, comes compressed, and needs the name and password of the address', async () => {
    expect(await read('/moved.yml')).toBe('kind: Service')
    expect(await read('/packed.yml')).toBe('kind: Packed')
    const named = base.replace('://', '://me:secret@')
    expect(await includeReader('cluster.yml', {})(`${named}/named.yml`)).toBe('Basic bWU6c2VjcmV0')
  })

  test('comes from any port, also from one that browsers refuse', async () => {
    const port = await listenOnBannedPort(server)
    expect(await includeReader('cluster.yml', {})(`http://127.0.0.1:${port}/addon.yml`)).toBe('kind: Service')
  })

  test('is refused if the server refuses, or if it is too large', async () => {
    await expect(read('/gone.yml')).rejects.toThrow(/answered 404/)
    await expect(read('/large.yml')).rejects.toThrow(/larger than 4 MiB/)
  })

  test('ends when the run is stopped', async () => {
    const stop = new AbortController()
    const reading = read('/silent.yml', stop.signal)
    stop.abort()
    await expect(reading).rejects.toThrow(/aborted/)
  })
})

/** Lets a second server answer as this one does, on a port that `fetch` would refuse. */
async function listenOnBannedPort(server: Server): Promise<number> {
  for (const port of [10080, 6669, 6668, 6667, 6666, 6665, 6566, 5061, 5060, 4190]) {
    const other = createServer((request, response) => server.emit('request', request, response))
    const listens = await new Promise<boolean>((resolve) => {
      other.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!listens) continue
    onTestFinished(() => {
      other.closeAllConnections()
      other.close()
    })
    return port
  }
  throw new TypeError('something listens on all of the ports')
}
