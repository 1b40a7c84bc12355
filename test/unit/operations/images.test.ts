import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { manifestImages } from '../../../src/addons/objects/manifest-images.ts'
import { imagesFor } from '../../../src/config/images/image-lists.ts'
import { clusterImages } from '../../../src/operations/images/cluster-images.ts'
import type { ImageHosts } from '../../../src/operations/images/image-hosts.ts'
import { loadImages } from '../../../src/operations/images/load-images.ts'
import { saveImages } from '../../../src/operations/images/save-images.ts'
import { Secret } from '../../../src/secret.ts'
import type { EcrLogin } from '../../../src/session/connect/registry-logins.ts'
import { isRecord } from '../../sim/http.ts'
import { archivedImages, imageArchive } from '../../sim/image-archive.ts'
import { catalog } from '../fixture.ts'
import { ALL_ROLES, ONE_NODE, TWO_NODES } from './clusters.ts'
import { configOf, eventsOf, Scenario } from './support.ts'

const never = new AbortController().signal
const first: ImageHosts = { nodes: ['10.66.0.11'] }

async function save(scenario: Scenario, from = first, ecrLogin?: EcrLogin): Promise<Buffer> {
  let kept: Buffer = Buffer.alloc(0)
  const write = async (archive: Readable): Promise<void> => {
    kept = await buffer(archive)
  }
  const deps = { ...scenario.deps, ...(ecrLogin && { ecrLogin }) }
  await saveImages(scenario.config, deps, { from, write }).result
  return kept
}

function archive(bytes: Buffer) {
  let opened = 0
  const open = (): Readable => {
    opened += 1
    return Readable.from([bytes])
  }
  return { name: 'images.tar', size: bytes.length, open, opened: () => opened }
}

const all = (scenario: Scenario): ImageHosts => ({ nodes: scenario.config.nodes.map((node) => node.address) })
const imagesOn = (scenario: Scenario, address: string) => [
  ...scenario.world.machine(address).docker.images.keys(),
]
const posts = (scenario: Scenario, path: string) =>
  scenario.world.calls.filter((call) => call.method === 'POST' && call.path === path)

test('images of the user’s own manifests are needed, too: of pods, pod templates and init containers', async () => {
  const config = configOf(`${ONE_NODE}
addons: |-
  apiVersion: v1
  kind: List
  items:
  - {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: "own/pod:1"}]}}
  ---
  apiVersion: batch/v1
  kind: CronJob
  metadata: {name: b}
  spec: {jobTemplate: {spec: {template: {spec: {
    initContainers: [{name: a, image: "own/init:1"}], containers: [{name: b, image: "own/pod:1"}]}}}}}
  ---
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: c}
  data: {image: "own/text:1"}
addons_include: [more.yml]
`)
  const readInclude = async () =>
    'apiVersion: v1\nkind: Pod\nmetadata: {name: d}\nspec: {containers: [{name: d, image: "own/more:1"}]}\n'
  const { images, leftOut } = await clusterImages(config, { catalog, readInclude }, never)
  expect(leftOut).toEqual([])
  expect(images).toEqual([...imagesFor(config, catalog), 'own/pod:1', 'own/init:1', 'own/more:1'])
})

test('an archive holds the images of the cluster, and only those; what is there is not pulled again', async () => {
  const scenario = await Scenario.of(TWO_NODES)
  const needed = imagesFor(scenario.config, catalog)
  const { docker } = scenario.world.machine('10.66.0.11')
  docker.load('foreign/image:1')
  for (const image of needed.slice(0, 3)) docker.load(image)
  const bytes = await save(scenario)
  expect(await archivedImages(Readable.from([bytes]))).toEqual(needed)
  expect(posts(scenario, '/images/create')).toHaveLength(needed.length - 3)
  expect(imagesOn(scenario, '10.66.0.12')).toEqual([])
})

test('a machine that is no node pulls and saves where it is given', async () => {
  const scenario = await Scenario.of(TWO_NODES)
  const other = { address: '10.66.0.12', port: '', user: '' }
  const transports = { open: () => scenario.world.transports().open(other) }
  await save(scenario, { name: 'localhost', transports })
  expect(imagesOn(scenario, '10.66.0.11')).toEqual([])
  expect(imagesOn(scenario, '10.66.0.12')).toEqual(imagesFor(scenario.config, catalog))
})

test('images are pulled with the credentials of their registry', async () => {
  const registry =
    'private_registries: [{url: r.example.org, user: puller, password: secret, is_default: true}]'
  const scenario = await Scenario.of(`${ONE_NODE}\n${registry}\n`)
  const { docker } = scenario.world.machine('10.66.0.11')
  docker.logins.set('r.example.org', { username: 'puller', password: 'secret' })
  expect(await archivedImages(Readable.from([await save(scenario)]))).toEqual(
    imagesFor(scenario.config, catalog),
  )
})

test('images of a registry of Amazon ECR are pulled with the login that AWS gives', async () => {
  const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
  const registry = `private_registries: [{url: ${host}, ecr_credential_plugin: {}, is_default: true}]`
  const scenario = await Scenario.of(`${ONE_NODE}\n${registry}\n`)
  const login = { username: 'AWS', password: 'token' }
  scenario.world.machine('10.66.0.11').docker.logins.set(host, login)
  const bytes = await save(scenario, first, async () => new Secret(login))
  expect(await archivedImages(Readable.from([bytes]))).toEqual(imagesFor(scenario.config, catalog))
})

test('one image that cannot be pulled: nothing is saved, and the others are there for the next time', async () => {
  const scenario = await Scenario.of(ONE_NODE)
  const [bad = ''] = imagesFor(scenario.config, catalog)
  let pulls = 0
  scenario.world.hooks.before = ({ path }) => {
    if (path !== '/images/create') return
    pulls += 1
    if (pulls === 1) throw new Error('manifest unknown')
  }
  const write = async (): Promise<void> => {
    throw new TypeError('written')
  }
  const run = saveImages(scenario.config, scenario.deps, { from: first, write })
  await expect(run.result).rejects.toMatchObject({ step: `pull image ${bad}` })
  expect(imagesOn(scenario, '10.66.0.11')).toHaveLength(pulls - 1)
})

test('every node that lacks an image is sent the archive; one that has all of them is not', async () => {
  const scenario = await Scenario.of(ALL_ROLES)
  const bytes = archive(await save(scenario))
  const run = loadImages(scenario.config, scenario.deps, { into: all(scenario), archive: bytes })
  const events = await eventsOf(run)
  expect(await run.result).toEqual({ loaded: ['10.66.0.12', '10.66.0.13'], skipped: ['10.66.0.11'] })
  expect(bytes.opened()).toBe(2)
  for (const address of ['10.66.0.12', '10.66.0.13']) {
    expect(imagesOn(scenario, address)).toEqual(imagesFor(scenario.config, catalog))
  }
  const progress = events.filter((event) => event.type === 'progress')
  expect(progress.at(-1)).toMatchObject({ bytes: { done: bytes.size, total: bytes.size } })
  expect(events.filter((event) => event.type === 'notice' && event.level === 'warning')).toEqual([])
})

test('a run of up on loaded nodes pulls nothing', async () => {
  const scenario = await Scenario.of(TWO_NODES)
  const bytes = archive(await save(scenario))
  scenario.writes()
  await loadImages(scenario.config, scenario.deps, { into: all(scenario), archive: bytes }).result
  await scenario.up().result
  expect(posts(scenario, '/images/create')).toEqual([])
})

test('an archive that lacks some images is loaded, with a warning for each node', async () => {
  const scenario = await Scenario.of(ONE_NODE)
  const needed = imagesFor(scenario.config, catalog)
  const bytes = archive(await imageArchive(needed.slice(1)))
  const run = loadImages(scenario.config, scenario.deps, { into: all(scenario), archive: bytes })
  expect(await eventsOf(run)).toContainEqual({
    type: 'notice',
    level: 'warning',
    area: 'images',
    text: `[10.66.0.11] still lacks ${needed[0]}: not in images.tar`,
    node: '10.66.0.11',
  })
})

test('one node that fails keeps no other from its images', async () => {
  const scenario = await Scenario.of(ALL_ROLES)
  const bytes = archive(await imageArchive(imagesFor(scenario.config, catalog)))
  scenario.world.hooks.before = ({ machine, path }) => {
    if (machine === '10.66.0.12' && path === '/images/load') throw new Error('no space left on device')
  }
  const run = loadImages(scenario.config, scenario.deps, { into: all(scenario), archive: bytes })
  await expect(run.result).rejects.toMatchObject({
    host: '10.66.0.12',
    message: expect.stringContaining('no space left on device'),
    hint: expect.stringContaining('disk of the node is full'),
  })
  expect(imagesOn(scenario, '10.66.0.13')).toEqual(imagesFor(scenario.config, catalog))
})

test('an address that is no node’s is refused before any node is reached', async () => {
  const scenario = await Scenario.of(ONE_NODE)
  const into = { nodes: ['10.66.0.99'] }
  const run = loadImages(scenario.config, scenario.deps, { into, archive: archive(Buffer.alloc(1)) })
  await expect(run.result).rejects.toThrow('no node of cluster.yml has the address 10.66.0.99')
  expect(scenario.world.calls).toEqual([])
})

/** Every image that machines were asked to pull, that Jobs ran, and that stored manifests name. */
function imagesUsed(scenario: Scenario): readonly string[] {
  const pulled = scenario.world.machines.flatMap(({ docker }) => [...docker.images.keys()])
  const stored = scenario.kube.history.flatMap(({ object }) => {
    const data: unknown = Reflect.get(object, 'data')
    const texts = object.kind === 'ConfigMap' && isRecord(data) ? Object.values(data).map(String) : []
    const manifests = texts.filter((text) => /^kind:/m.test(text) || text.includes('kind: '))
    return [JSON.stringify(object), ...manifests].flatMap(manifestImages)
  })
  return [...new Set([...pulled, ...stored])].sort()
}

test.each([
  ['one node', ONE_NODE],
  ['nodes with all roles', ALL_ROLES],
  ['a worker apart', TWO_NODES],
  [
    'ingress and a DNS cache',
    `${ONE_NODE.replace('{provider: none}', '{}')}dns: {nodelocal: {ip_address: 169.254.20.10}}`,
  ],
  [
    'a manifest of the user',
    `${ONE_NODE}addons: '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{image: "own/pod:1"}]}}'`,
  ],
])('what a new cluster uses is what is listed for it, and nothing else: %s', async (_, text) => {
  const scenario = await Scenario.up(text)
  const { images: listed } = await clusterImages(scenario.config, { catalog }, never)
  expect([...listed].sort()).toEqual(imagesUsed(scenario))
})
