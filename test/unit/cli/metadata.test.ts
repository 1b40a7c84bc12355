import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { builtInMetadata } from '../../../src/catalog/built-in-metadata.ts'
import { main } from '../../../src/cli/main.ts'
import { node } from '../refusals/refused.ts'
import { aciBlock } from '../refusals/versions-and-addons.ts'
import { fakeIo } from './fake-io.ts'

const NEW = 'v1.40.1-rancher1-1'
const images = builtInMetadata.K8sVersionRKESystemImages['v1.30.5-rancher1-1'] ?? {}
const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: kube-system}\n'

/** A whole document, of two versions. */
const documentOf = (text: string, change: object = {}): string =>
  JSON.stringify({
    RKEDefaultK8sVersions: { default: NEW },
    K8sVersionRKESystemImages: { [NEW]: images, 'v1.30.5-rancher1-1': images },
    K8sVersionServiceOptions: { ...builtInMetadata.K8sVersionServiceOptions, 'v1.40': {} },
    K8sVersionedTemplates: {
      ...Object.fromEntries(
        ['canal', 'weave', 'coreDNS', 'metricsServer', 'nginxIngress'].map((addon) => [
          addon,
          { '>=1.8.0-rancher0': 'one' },
        ]),
      ),
      templateKeys: { one: text },
    },
    ...change,
  })
const document = documentOf(manifest)

let home = ''
const made: string[] = []
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'rke-metadata-'))
  made.push(home)
  await mkdir(join(home, '.ssh'))
})
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))))

const put = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(home, name)
  await writeFile(path, content)
  return path
}
async function rke(line: string, env: Record<string, string> = {}) {
  const io = fakeIo({ env: { HOME: home, ...env }, world: { clock: () => new Date('2026-11-30T12:00:00Z') } })
  const code = await main(line.split(' '), io)
  return { code, out: io.stdout.text(), err: io.stderr.text() }
}
const executable = (text: string): Buffer =>
  Buffer.concat([
    Buffer.from('\x7fELF\x02\x01\x01\0'),
    Buffer.alloc(4000, 7),
    gzipSync(text),
    Buffer.alloc(999, 9),
  ])
const idIn = (text: string): string => /Imported ([0-9a-f]{12})/.exec(text)?.[1] ?? 'none'

describe('rke metadata import', () => {
  test('takes the document out of an rke executable, says what is in it, and later runs use it', async () => {
    const imported = await rke(`metadata import ${await put('rke', executable(document))}`)
    expect(imported.code).toBe(0)
    expect(imported.out).toContain(`2 Kubernetes versions, the newest ${NEW}; 1 templates`)
    expect(imported.out).toContain('a cluster file that names no version gets v1.30.5-rancher1-1, as without')
    expect((await rke('config -l -a')).out).toContain(`${NEW}\n`)
    expect((await rke('config -l')).out).toBe('v1.30.5-rancher1-1\n')
  })

  test('keeps the document as it was, under its digest', async () => {
    const { out } = await rke(`metadata import ${await put('data.json', document)}`)
    const folder = join(home, '.local/share/rke/metadata')
    const [file = ''] = (await readdir(folder)).filter((name) => name.startsWith(idIn(out)))
    expect(await readFile(join(folder, file), 'utf8')).toBe(document)
  })

  test('takes a document from a URL, and keeps no password of it', async () => {
    const server = createServer((_, response) => response.end(document))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    const url = `http://robot:secret@127.0.0.1:${port}/data.json?token=secret`
    const { code, out } = await rke(`metadata import ${url}`, { NO_PROXY: '127.0.0.1' })
    server.close()
    expect({ code, out }).toMatchObject({ code: 0 })
    const index = await readFile(join(home, '.local/share/rke/metadata/index.json'), 'utf8')
    expect(index).toContain(`http://127.0.0.1:${port}/data.json?token=…`)
    expect(index + out).not.toContain('secret')
  })

  test('warns of templates that it cannot use, and takes the rest', async () => {
    const { code, out } = await rke(`metadata import ${await put('data.json', documentOf('\n{{ nope }}'))}`)
    expect(code).toBe(0)
    expect(out).toContain('template one, line 2: the function nope is not known')
  })

  test('warns of ranges that overlap, which RKE takes any of', async () => {
    const { K8sVersionedTemplates: templates } = JSON.parse(document)
    const canal = { '>=1.8.0-rancher0': 'one', '>=1.40.0-rancher0': 'two' }
    const overlapping = documentOf(manifest, {
      K8sVersionedTemplates: { ...templates, canal, templateKeys: { one: manifest, two: manifest } },
    })
    const { code, out } = await rke(`metadata import ${await put('data.json', overlapping)}`)
    expect(code).toBe(0)
    expect(out).toMatch(
      /the ranges .*>=1\.40\.0-rancher0.* of the add-on canal overlap from v1\.40\.1-rancher1-1 on/,
    )
  })

  test.each([
    [
      'is a program of somebody else',
      'tool',
      executable('{"other":1}'),
      /no JSON document, and no rke executable.*rke executable of RKE 1\.6/,
    ],
    ['ends in the middle', 'data.json', document.slice(0, -40), /is not Kubernetes version metadata: .*JSON/],
    [
      'has a map of another shape',
      'data.json',
      documentOf(manifest, { K8sVersionRKESystemImages: { [NEW]: { etcd: 1 } } }),
      /K8sVersionRKESystemImages\.v1\.40\.1-rancher1-1\.etcd/,
    ],
    [
      'lacks a template that it names',
      'data.json',
      documentOf(manifest, {
        K8sVersionedTemplates: { canal: { '>=1.8.0': 'gone' }, templateKeys: { one: '' } },
      }),
      /K8sVersionedTemplates\.canal: the range >=1\.8\.0 names the template gone/,
    ],
    [
      'has no templates',
      'data.json',
      documentOf(manifest, { K8sVersionedTemplates: {} }),
      /is only a part of the metadata .* no templates of manifests/,
    ],
    [
      'has no flags',
      'data.json',
      documentOf(manifest, { K8sVersionServiceOptions: {} }),
      /no flags of components/,
    ],
  ])('refuses a file that %s, and keeps nothing of it', async (_, name, content, says) => {
    const { code, err, out } = await rke(`metadata import ${await put(name, content)}`)
    expect(code).toBe(10)
    expect(out + err).toMatch(says)
    expect((await rke('metadata ls')).out).toBe('No metadata is imported; what is built in counts.\n')
    expect((await rke('config -l')).out).toBe('v1.30.5-rancher1-1\n')
  })
})

describe('which document counts', () => {
  test('one that is named, alone; else those that were imported, the last one first; else what is built in', async () => {
    const withEtcd = (etcd: string, defaultVersion: string) =>
      documentOf(manifest, {
        RKEDefaultK8sVersions: { default: defaultVersion },
        K8sVersionRKESystemImages: { [NEW]: { ...images, etcd }, 'v1.30.5-rancher1-1': images },
      })
    const newImages = async () => (await rke(`config -s --version ${NEW}`)).out
    const first = await put('first.json', withEtcd('etcd:first', 'v1.29.9-rancher1-1'))
    const second = await put('second.json', withEtcd('etcd:second', NEW))
    const named = await put('named.json', withEtcd('etcd:named', 'v1.28.14-rancher1-1'))
    await rke(`metadata import ${first}`)
    expect(await newImages()).toContain('etcd:first')
    await rke(`metadata import ${second}`)
    expect(await newImages()).toContain('etcd:second')
    expect((await rke('config -l')).out).toBe('v1.30.5-rancher1-1\n')
    expect((await rke(`config -l --metadata ${named}`)).out).toBe('v1.28.14-rancher1-1\n')
    expect((await rke('config -l', { RANCHER_METADATA_URL: named })).out).toBe('v1.28.14-rancher1-1\n')
    expect((await rke(`config -l -a --metadata ${named}`)).out).toBe(`v1.30.5-rancher1-1\n${NEW}\n`)
    expect((await rke('config -l -a')).out).toContain('v1.28.14-rancher1-1\n')
  })

  test('is said of every version and its manifests by rke config', async () => {
    const path = await put('rke', executable(document))
    const id = idIn((await rke(`metadata import ${path}`)).out)
    const listed = JSON.parse((await rke('config -l -a --output json')).out)
    const byVersion = (version: string) =>
      listed.versions.find((one: { version: string }) => one.version === version)
    const imported = { kind: 'imported', location: path, sha256: expect.stringMatching(`^${id}`) }
    expect(byVersion(NEW)).toEqual({
      version: NEW,
      source: imported,
      manifests: imported,
      offered: true,
    })
    expect(byVersion('v1.20.15-rancher2-2')).toMatchObject({ offered: false })
    expect(byVersion('v1.28.14-rancher1-1')).toMatchObject({
      source: { kind: 'built-in' },
      manifests: { kind: 'built-in' },
    })
    expect(JSON.parse((await rke(`config -s --version ${NEW} --output json`)).out).versions).toMatchObject([
      { version: NEW, source: imported, images: expect.arrayContaining([images.etcd]) },
    ])
  })

  test('has manifests of a version where it has a template of any add-on', async () => {
    const { templateKeys, coreDNS } = JSON.parse(document).K8sVersionedTemplates
    const change = { K8sVersionedTemplates: { coreDNS, templateKeys } }
    const path = await put('dns.json', documentOf(manifest, change))
    const { versions } = JSON.parse((await rke(`config -l --output json --metadata ${path}`)).out)
    expect(versions).toMatchObject([{ version: NEW, manifests: { kind: 'named' } }])
  })

  test('is the first thing that a plan says, where it is not built in', async () => {
    const path = await put('data.json', document)
    const id = idIn((await rke(`metadata import ${path}`)).out)
    const file = await put('cluster.yml', `${node()}kubernetes_version: ${NEW}\n`)
    const { err, out } = await rke(`plan --config ${file}`)
    expect(out + err).toContain(
      `Images and flags of ${NEW}, and manifests of add-ons that it has templates of: imported ${id} from ${path}`,
    )
    const { K8sVersionedTemplates } = builtInMetadata
    const without = await put('without.json', documentOf(manifest, { K8sVersionedTemplates }))
    const named = await rke(`plan --config ${file} --metadata ${without}`)
    expect(named.out + named.err).toContain(`Images and flags of ${NEW}: ${without}`)
  })
})

test('aci gets a warning without a document that has it, a new cluster is refused, and the hint helps', async () => {
  const file = await put(
    'cluster.yml',
    `${node()}kubernetes_version: v1.28.14-rancher1-1\nnetwork: {plugin: aci, aci_network_provider: {${aciBlock('10.3.0.1/24')}}}\n`,
  )
  const validated = await rke(`config validate --file-only ${file}`)
  expect(validated.out).toMatch(/network\.plugin: the manifest of aci is not built in.*rke metadata import/)
  const refused = await rke(`plan --config ${file}`)
  expect(refused.out + refused.err).toMatch(
    /the manifests of network for Kubernetes v1\.28\.14-rancher1-1 are not built in.*rke metadata import/,
  )
  const { K8sVersionedTemplates: templates } = JSON.parse(document)
  const withAci = documentOf(manifest, {
    K8sVersionRKESystemImages: { 'v1.28.14-rancher1-1': images },
    K8sVersionedTemplates: { ...templates, aci: { '>=1.8.0-rancher0': 'one' } },
  })
  await rke(`metadata import ${await put('rke', executable(withAci))}`)
  expect((await rke(`config validate --file-only ${file}`)).out).not.toContain('not built in')
  expect((await rke(`plan --config ${file}`)).err).not.toContain('not built in')
})

describe('rke metadata', () => {
  test('lists, shows and removes documents by the first digits of their SHA-256', async () => {
    const id = idIn((await rke(`metadata import ${await put('data.json', document)}`)).out)
    const list = await rke('metadata list')
    expect(list.out).toContain(`${id}  2         ${NEW}  ${NEW}  1          2026-11-30  ${home}/data.json`)
    expect(JSON.parse((await rke('metadata list --output json')).out)).toMatchObject([
      { versions: 2, newest: NEW },
    ])
    expect((await rke(`metadata show ${id}`)).out).toContain(
      `Versions:   2\n  v1.30.5-rancher1-1\n  ${NEW}\n`,
    )
    expect(JSON.parse((await rke(`metadata show ${id} --output json`)).out)).toMatchObject({
      templates: ['one'],
    })
    expect((await rke(`metadata remove ${id.slice(0, 5)}`)).code).toBe(0)
    expect((await rke('config -l')).out).toBe('v1.30.5-rancher1-1\n')
    expect(await readdir(join(home, '.local/share/rke/metadata'))).toEqual(['index.json'])
  })

  test('says which there are, where a name fits none', async () => {
    const id = idIn((await rke(`metadata import ${await put('data.json', document)}`)).out)
    const { err, out } = await rke('metadata show ffff')
    expect(out + err).toContain(`no metadata was imported with the SHA-256 ffff; imported are ${id}`)
  })

  test('a document that was damaged is never used, and its error says how to go on', async () => {
    const id = idIn((await rke(`metadata import ${await put('data.json', document)}`)).out)
    const folder = join(home, '.local/share/rke/metadata')
    const [file = ''] = (await readdir(folder)).filter((name) => name.startsWith(id))
    await writeFile(join(folder, file), document.replace('v1.40.1', 'v1.41.1'))
    const { code, err, out } = await rke('config -l')
    expect(code).toBe(10)
    expect(out + err).toMatch(
      /is damaged: its SHA-256 is [0-9a-f]{64}; import it again, or give it up: rke metadata remove/,
    )
    expect((await rke(`metadata remove ${id}`)).code).toBe(0)
    expect((await rke('config -l')).code).toBe(0)
  })

  test('keeps documents in the data folder of the user, wherever that is', async () => {
    const env = { XDG_DATA_HOME: join(home, 'data') }
    await rke(`metadata import ${await put('data.json', document)}`, env)
    expect(await readdir(join(home, 'data/rke/metadata'))).toHaveLength(2)
    const without = await rke('metadata list', { HOME: '' })
    expect(without.out + without.err).toContain('neither HOME nor XDG_DATA_HOME is set')
  })
})
