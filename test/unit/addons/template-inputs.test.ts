import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { AddonConfig } from '../../../src/addons/addon-config.ts'
import { NETWORK_INPUTS } from '../../../src/addons/template-inputs/network-inputs.ts'
import { OTHER_INPUTS } from '../../../src/addons/template-inputs/other-inputs.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { renderTemplate } from '../../../src/templates/render-template.ts'
import { toJson, type Value } from '../../../src/templates/values.ts'
import { addonConfig, busyConfig, catalog } from './addon-fixture.ts'

interface Described {
  readonly root: 'map' | 'structure'
  readonly usedByNoTemplate: readonly string[]
  readonly keys: Readonly<Record<string, readonly [type: string, source: string]>>
}
const described: Readonly<Record<string, Described>> = JSON.parse(
  readFileSync(new URL('../../fixtures/templates/template-inputs.json', import.meta.url), 'utf8'),
)
const inputs: Readonly<Record<string, (config: AddonConfig) => Value>> = {
  ...NETWORK_INPUTS,
  ...OTHER_INPUTS,
}
const addons = Object.keys(inputs)

const plain = addonConfig()
/** The ranges that Cisco ACI needs, and options of which RKE makes something else. */
const acid: AddonConfig = {
  ...plain,
  services: { ...plain.services, kubeController: { clusterCidr: '10.42.0.0/16,fd00:0:0:1::/64' } },
  network: {
    ...plain.network,
    mtu: 1400,
    options: {
      aci_system_identifier: 'sys',
      aci_tenant: '',
      aci_node_subnet: '10.1.0.1/16',
      aci_dynamic_external_subnet: '10.3.0.1/24,10.4.0.1/24',
      aci_static_external_subnet: '10.5.0.1/24',
      aci_service_graph_subnet: '10.6.0.1/24',
    },
    aciNetworkProvider: {
      apicHosts: ['"10.0.0.1",', '"10.0.0.2"'],
      nodeSnatRedirectExclude: [{ group: 'g', labels: 'l' }],
    },
  },
}

function membersOf(value: Value): ReadonlyMap<string, Value> {
  if (typeof value === 'object' && value?.kind === 'map') return value.entries
  return typeof value === 'object' && value?.kind === 'structure' ? value.fields : new Map()
}

test('every addon with templates in metadata has its values', () => {
  const named = Object.keys(described).filter((key) => key !== 'about')
  expect(addons.toSorted()).toEqual(named.toSorted())
})

describe.each(addons)('%s', (addon) => {
  const { keys, root, usedByNoTemplate } = described[addon] ?? { keys: {}, root: 'map', usedByNoTemplate: [] }
  const value = inputs[addon]?.(addon === 'aci' ? acid : plain)
  const given = membersOf(value)

  test('has the values that RKE 1.6.3 gives, but those that no template asks for', () => {
    const asked = Object.keys(keys).filter((key) => !usedByNoTemplate.includes(key))
    expect(asked.filter((key) => !given.has(key))).toEqual([])
    expect([...given.keys()].filter((key) => !(key in keys))).toEqual([])
  })

  test('is a map or a structure, and each value of the type that RKE gives', () => {
    expect(value).toMatchObject({ kind: root })
    const types = Object.fromEntries([...given].map(([key, entry]) => [key, typeof entry]))
    for (const [key, [type]] of Object.entries(keys)) {
      if (!given.has(key)) continue
      const wanted =
        type.startsWith('text') || type === 'IP address' ? 'string' : type === 'integer' ? 'number' : type
      expect(types[key], key).toBe(['string', 'number', 'boolean'].includes(wanted) ? wanted : 'object')
    }
  })
})

const render = (addon: string, template: string, config: AddonConfig): string =>
  renderTemplate(template, inputs[addon]?.(config))

/** Names of addons in the record, as metadata has them. */
const KEYS: Readonly<Record<string, string>> = {
  coredns: 'coreDNS',
  'kube-dns': 'kubeDNS',
  'metrics-server': 'metricsServer',
  ingress: 'nginxIngress',
}
const SETTINGS: Readonly<Record<string, string>> = {
  coredns: 'dns: {provider: coredns}',
  'kube-dns': 'dns: {provider: kube-dns}',
  nodelocal: 'dns: {nodelocal: {ip_address: 169.254.20.10}}',
  'metrics-server': '',
  ingress: '',
}

interface Rendered {
  readonly version: string
  readonly addon: string
  readonly template: string
  readonly images: readonly string[]
  readonly strategies: readonly unknown[]
}
const rendered: readonly Rendered[] = JSON.parse(
  readFileSync(new URL('../../fixtures/templates/rendered-by-rke.json', import.meta.url), 'utf8'),
)

test.each(rendered)(
  'RKE 1.6.3 has rendered $template of $version with the images and the strategy that are given',
  (each) => {
    const settings = SETTINGS[each.addon] ?? `network: {plugin: ${each.addon}}`
    const { config } = loadConfig(
      `nodes: [{address: 192.0.2.1, user: u, role: [controlplane, etcd, worker]}]\nkubernetes_version: ${each.version}\n${settings}\n`,
      'cluster.yml',
      catalog,
    )
    const given = membersOf(inputs[KEYS[each.addon] ?? each.addon]?.(config))
    expect([...given.values()]).toEqual(expect.arrayContaining([...each.images]))
    // That of nodelocal is in the template, as long as nobody sets one.
    if (each.addon !== 'nodelocal') {
      const strategy = given.get('UpdateStrategy')
      expect(each.strategies).toContainEqual(toJson(strategy))
    }
  },
)

test('texts of the user are what cluster.yml says', () => {
  const busy = busyConfig()
  expect(render('flannel', '{{.FlannelInterface}} {{.FlannelBackend}} {{.ClusterVersion}}', busy)).toBe(
    'eth1 map[Port:4789 Type:host-gw VNI:4096] v1.31',
  )
  expect(render('flannel', '{{toYaml .UpdateStrategy}}|{{.NodeSelector}}', busy)).toBe(
    'type: OnDelete|map[disk:true zone:b]',
  )
  expect(render('coreDNS', '{{.LinearAutoscalerParams}}{{toYaml .Tolerations | indent 2}}', busy)).toBe(
    '{"coresPerReplica":64,"min":2,"max":6}  - effect: NoSchedule\n    key: dedicated\n    operator: Equal\n    value: infra',
  )
  expect(render('kubeDNS', '{{GetKubednsStubDomains .StubDomains}}', busy)).toBe(
    '{"a.example":["192.0.2.55"],"corp.example":["192.0.2.53","192.0.2.54:5353"]}',
  )
  expect(render('metricsServer', '{{.Replicas}} {{.Version}} {{.Options}}', busy)).toBe(
    '2 v0.7 map[metric-resolution:30s v:4]',
  )
})

test('what is not set is empty, null or 0, as RKE has it', () => {
  const texts = '{{.CanalInterface}}|{{.MTU}}|{{.NodeSelector}}|{{if .Tolerations}}x{{end}}|'
  expect(render('canal', texts, plain)).toBe('|0|map[]||')
  expect(render('nodelocal', '{{if .UpdateStrategy}}x{{end}}|{{.IPAddress}}', plain)).toBe('|')
  expect(render('coreDNS', '{{toYaml .ReverseCIDRs}}', plain)).toBe('null')
})

test('ingress-nginx gets arguments and the helper image by the version of its image', () => {
  const withImage = (ingress: string): AddonConfig => ({
    ...plain,
    systemImages: { ...plain.systemImages, ingress, alpine: 'rke-tools:v1' },
  })
  const seen = (image: string) => render('nginxIngress', '{{.ExtraArgs}} {{.AlpineImage}}', withImage(image))
  expect(seen('a/nginx:nginx-1.11.2-rancher1')).toBe('map[watch-ingress-without-class:true] ')
  expect(seen('a/nginx:0.10.2-rancher2')).toBe('map[] rke-tools:v1')
  expect(seen('a/nginx:nginx-0.35.0-rancher1')).toBe('map[] ')
})

test('Cisco ACI gets ranges in quotes, and pools of their addresses', () => {
  const texts = [
    '{{.DynamicExternalSubnet}} {{.PodSubnet}}',
    '{{range .PodNetwork}}{{.Subnet}} {{.Gateway}};{{end}}',
    '{{range .PodIPPool}}{{.Start}}-{{.End}};{{end}}',
    '{{range .ServiceIPPool}}{{.Start}}-{{.End}};{{end}}',
    '{{.NodeServiceIPStart}} {{.NodeServiceIPEnd}} {{.Tenant}} {{.VmmDomain}} {{.ApicHosts}}',
    '{{range .NodeSnatRedirectExclude}}{{index . "group"}}{{end}}',
  ]
  expect(render('aci', texts.join('\n'), acid).split('\n')).toEqual([
    '["10.3.0.1/24" "10.4.0.1/24"] ["10.42.0.0/16" "fd00:0:0:1::/64"]',
    '10.42.0.0/16 10.42.0.1;fd00:0:0:1::/64 fd00:0:0:1::1;',
    '10.42.0.2-10.42.255.254;fd00:0:0:1::2-fd00::1:ffff:ffff:ffff:fffe;',
    '10.3.0.2-10.3.0.254;10.4.0.2-10.4.0.254;',
    '10.6.0.2 10.6.0.254 sys sys ["10.0.0.1", "10.0.0.2"]',
    'g',
  ])
})

test('a range of Cisco ACI that is none is an error of its key', () => {
  const broken = {
    ...acid,
    network: { ...acid.network, options: { ...acid.network.options, aci_dynamic_external_subnet: 'x' } },
  }
  expect(() => render('aci', '', broken)).toThrow('extern_dynamic is "x", which is no range of addresses')
})
