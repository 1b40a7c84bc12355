import { describe, expect, test } from 'vitest'
import { parseManifest, renderManifest } from '../../../src/addons/objects/manifest.ts'
import type { ManifestObject } from '../../../src/addons/objects/manifest-object.ts'
import type { ConfigMap } from '../../../src/kube/objects/kube-object.ts'
import { ONE_NODE } from './clusters.ts'
import { reasonsOf, Scenario } from './support.ts'

const CANAL = ONE_NODE.replace('flannel', 'canal').replace('ingress: {provider: none}', '')
const NETWORK = 'rke-network-plugin'
const ADDONS = [NETWORK, 'rke-coredns-addon', 'rke-metrics-addon', 'rke-ingress-controller']

/** A cluster whose add-ons RKE installed: its manifests are written in another way, and its Jobs carry no hash. */
async function madeByRke(text: string, edit: (object: ManifestObject) => ManifestObject): Promise<Scenario> {
  const scenario = await Scenario.up(text)
  for (const name of ADDONS) {
    const manifest = stored(scenario, name)
    if (manifest === '') continue
    const objects = parseManifest(manifest).map(edit)
    scenario.kube.patch(configMap(name), { data: { [name]: `# RKE's\n${renderManifest(objects)}` } })
    const job = { apiVersion: 'batch/v1', kind: 'Job', namespace: 'kube-system', name: `${name}-deploy-job` }
    scenario.kube.patch(job, { metadata: { annotations: null } })
  }
  return scenario
}

const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kube-system', name })

const stored = ({ kube }: Scenario, name: string): string =>
  kube.get<ConfigMap>(configMap(name))?.data?.[name] ?? ''

const SCHEMA = {
  type: 'object',
  properties: { spec: { type: 'object', properties: { nets: { type: 'array' } } } },
}

/** Definitions as RKE has them: with schemas, and a status. */
function complete(object: ManifestObject & { readonly spec?: object }): ManifestObject {
  if (object.kind !== 'CustomResourceDefinition') return object
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: SCHEMA } }]
  return Object.assign({}, object, { spec: { ...object.spec, versions }, status: { storedVersions: [] } })
}

function schemas(scenario: Scenario): readonly string[] {
  const definitions = parseManifest(stored(scenario, NETWORK)).filter(
    ({ kind }) => kind === 'CustomResourceDefinition',
  )
  const texts = definitions.map((object) => JSON.stringify(object).includes('"nets"'))
  return [...new Set(texts.map((isComplete) => (isComplete ? 'complete' : 'any field')))]
}

describe('definitions of Calico’s kinds that RKE installed', () => {
  test('are no reason to apply anything', async () => {
    const scenario = await madeByRke(CANAL, complete)
    expect((await scenario.plan()).steps).toEqual([])
  })

  test('stay when something else in the manifest changes', async () => {
    const scenario = (await madeByRke(CANAL, complete)).with(CANAL.replace('canal}', 'canal, mtu: 1400}'))
    const [, because] =
      Object.entries(reasonsOf(await scenario.plan())).find(([id]) => id.includes(NETWORK)) ?? []
    expect(because?.join('\n')).toMatch(/^ConfigMap kube-system\/canal-config changed \(data\.veth_mtu\)$/m)
    expect(because?.join('\n')).not.toMatch(/CustomResourceDefinition|differs from RKE/)
    await scenario.up().result
    expect(schemas(scenario)).toEqual(['complete'])
    expect((await scenario.plan()).steps).toEqual([])
  })

  test('make room for those of another release, which might have fields that they lack', async () => {
    const old = CANAL.replace('v1.30.4-rancher1-1', 'v1.30.2-rancher1-1')
    const scenario = (await madeByRke(old, complete)).with(CANAL)
    const because = reasonsOf(await scenario.plan())[`cluster/addon/${NETWORK}`] ?? []
    expect(because.at(-1)).toMatch(/^differs from RKE: definitions of Calico's kinds/)
    await scenario.up().result
    expect(schemas(scenario)).toEqual(['any field'])
    expect((await scenario.plan()).steps).toEqual([])
  })
})

test('what CoreDNS does otherwise than in RKE is said where its configuration is replaced, and only there', async () => {
  const lines = 'dns: {reversecidrs: [172.31.0.0/16], stubdomains: {a.b: [192.0.2.1]}}\n'
  const scenario = await madeByRke(`${ONE_NODE}${lines}`, (object: ManifestObject & { data?: object }) =>
    object.kind === 'ConfigMap' ? Object.assign({}, object, { data: { Corefile: '.:53 {\n}\n' } }) : object,
  )
  const reasons = Object.values(reasonsOf(await scenario.plan())).flat()
  expect(reasons.filter((reason) => reason.startsWith('differs from RKE: CoreDNS'))).toHaveLength(2)
  await scenario.up().result
  expect((await scenario.plan()).steps).toEqual([])
  const changed = scenario.with(`${ONE_NODE}${lines.replace('172.31', '172.30')}`)
  expect(
    Object.values(reasonsOf(await changed.plan()))
      .flat()
      .join(),
  ).not.toContain('differs from RKE')
})
