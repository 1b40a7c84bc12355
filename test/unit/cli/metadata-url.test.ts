import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { builtInMetadata } from '../../../src/catalog/built-in-metadata.ts'
import { main } from '../../../src/cli/main.ts'
import { fakeIo } from './fake-io.ts'

const VERSION = 'v1.29.9-rancher1-1'
const document = JSON.stringify({ ...builtInMetadata, RKEDefaultK8sVersions: { default: VERSION } })

let folder = ''
let server: Server
let url = ''
let broken = false
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rke-metadata-'))
  server = createServer((_, response) => {
    if (broken) response.writeHead(503).end()
    else response.end(document)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/data.json`
})
beforeEach(() => {
  broken = false
})
afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true, force: true })
})

async function rke(line: string, env: Record<string, string>) {
  const io = fakeIo({ env: { NO_PROXY: '127.0.0.1', ...env } })
  const code = await main(line.split(' '), io)
  return { code, out: io.stdout.text(), err: io.stderr.text() }
}

describe('RANCHER_METADATA_URL', () => {
  test('may name a file', async () => {
    const path = join(folder, 'data.json')
    await writeFile(path, document)
    expect(await rke('config -l', { RANCHER_METADATA_URL: path })).toEqual({
      code: 0,
      out: `${VERSION}\n`,
      err: '',
    })
  })

  test('may name a URL; what was fetched serves again when nothing can be, with a warning', async () => {
    const env = { RANCHER_METADATA_URL: url, XDG_CACHE_HOME: join(folder, 'cache') }
    expect((await rke('config -l', env)).out).toBe(`${VERSION}\n`)
    broken = true
    const { code, out, err } = await rke('config -l', env)
    expect({ code, out }).toEqual({ code: 0, out: `${VERSION}\n` })
    expect(err).toMatch(/level=warning msg=".*answered 503.*; the document fetched .* is used instead"/)
  })

  test('is kept in the cache folder of the home folder, if no other is named', async () => {
    const home = join(folder, 'home')
    await rke('config -l', { RANCHER_METADATA_URL: url, HOME: home, XDG_CACHE_HOME: 'not/absolute' })
    expect(await readdir(join(home, '.cache/rke'))).toEqual([
      expect.stringMatching(/^version-metadata-.*\.json$/),
    ])
  })

  test('that cannot be read ends with 10, without the password in it', async () => {
    broken = true
    const secret = url.replace('http://', 'http://me:TOPSECRET@')
    const { code, out, err } = await rke('config -l', { RANCHER_METADATA_URL: secret })
    expect({ code, out }).toEqual({ code: 10, out: '' })
    expect(err).toMatch(/level=fatal .*answered 503.*RANCHER_METADATA_URL/)
    expect(err).not.toContain('TOPSECRET')
  })

  test('is not needed for an empty cluster file', async () => {
    const { code } = await rke('config --empty --print', { RANCHER_METADATA_URL: '/nowhere' })
    expect(code).toBe(0)
  })
})
