import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { AddonConfig } from '../../../src/addons/addon-config.ts'
import { normalise } from '../../../src/addons/compare/normalise.ts'
import { desiredAddons } from '../../../src/addons/desired-addons.ts'
import { isRecord, parseManifest } from '../../../src/addons/objects/manifest.ts'
import { type ManifestObject, objectKey } from '../../../src/addons/objects/manifest-object.ts'
import { addonConfig, catalog } from './addon-fixture.ts'

const folder = new URL('../../fixtures/rke-manifests/', import.meta.url)

const V1_24_8 = 'v1.24.8-rancher1-1'
const V1_24_17 = 'v1.24.17-rancher1-1'

type Use = readonly [version: string, addon: string, settings: object]

const network = (version: string, plugin: string): Use => [
  version,
  'network',
  { network: { plugin, options: {} } },
]
const dns = (addon: string, settings: object): Use => [V1_24_17, addon, { dns: settings }]

/** For each manifest id a version that has it, its addon, and what switches that on. */
const USES: Readonly<Record<string, Use>> = {
  'calico-v3.21.1': network(V1_24_8, 'calico'),
  'calico-v3.22.5-rancher2': network(V1_24_17, 'calico'),
  'canal-v3.21.1': network(V1_24_8, 'canal'),
  'canal-v3.22.5-rancher2': network(V1_24_17, 'canal'),
  'coredns-v1.8.3-rancher2': [V1_24_17, 'coredns', {}],
  'flannel-v0.14.0': network(V1_24_8, 'flannel'),
  'flannel-v0.14.0-rancher2': network(V1_24_17, 'flannel'),
  'kubedns-v1.16': dns('kube-dns', { provider: 'kube-dns', updateStrategy: undefined }),
  'metricsserver-v0.5.0': ['v1.21.14-rancher1-1', 'metrics-server', {}],
  'metricsserver-v0.5.2': ['v1.22.17-rancher1-2', 'metrics-server', {}],
  'metricsserver-v0.6.1': [V1_24_17, 'metrics-server', {}],
  'nginxingress-v1.1.0-rancher3': ['v1.23.4-rancher1-2', 'ingress', { ingress: { provider: 'nginx' } }],
  'nginxingress-v1.2.0-rancher2': [V1_24_8, 'ingress', { ingress: { provider: 'nginx' } }],
  'nginxingress-v1.5.1-rancher2': [V1_24_17, 'ingress', { ingress: { provider: 'nginx' } }],
  'weave-v1.22': network(V1_24_17, 'weave'),
  'nodelocal-v1.21': dns('nodelocal', { nodelocal: { ipAddress: '169.254.20.10', nodeSelector: {} } }),
}

function configOf(version: string, settings: object): AddonConfig {
  const plain = addonConfig({ kubernetesVersion: version })
  const parts: Readonly<Record<string, unknown>> = { ...plain }
  const changed = Object.entries(settings).map(([key, part]) => [key, Object.assign({}, parts[key], part)])
  return { ...plain, ...Object.fromEntries(changed) }
}

/** By key, each object in the form in which manifests are compared, without images. */
function comparable(objects: readonly ManifestObject[]): ReadonlyMap<string, unknown> {
  return new Map(
    objects
      .filter(({ kind }) => kind !== 'CustomResourceDefinition')
      .map((object) => [objectKey(object), withoutImages(normalise(object))]),
  )
}

function withoutImages(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutImages)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, key === 'image' ? '' : withoutImages(member)]),
  )
}

describe('our manifest says what RKE 1.6.3 stores:', () => {
  test.each(Object.entries(USES))('%s', (id, [version, addon, settings]) => {
    const theirs: ManifestObject[] = JSON.parse(readFileSync(new URL(`${id}.json`, folder), 'utf8'))
    const steps = desiredAddons(configOf(version, settings), catalog)
    const step = steps.find((each) => each.addon === addon && each.kind === 'deploy')
    const ours = parseManifest(step?.kind === 'deploy' ? step.manifest : '')
    expect(comparable(ours)).toEqual(comparable(theirs))
  })

  test('for all that was recorded', () => {
    const recorded = readdirSync(folder).filter((name) => name.endsWith('.json'))
    expect(Object.keys(USES).sort()).toEqual(recorded.map((name) => name.replace('.json', '')).sort())
  })
})
