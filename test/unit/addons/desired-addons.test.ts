import { describe, expect, test } from 'vitest'
import type { AddonConfig } from '../../../src/addons/addon-config.ts'
import { type AddonStep, desiredAddons } from '../../../src/addons/desired-addons.ts'
import { parseManifest } from '../../../src/addons/objects/manifest.ts'
import { type IncludedAddon, userManifests } from '../../../src/addons/user-addons.ts'
import { addonConfig, catalog } from './addon-fixture.ts'

const manifest = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n'
const steps = (changes: Partial<AddonConfig> = {}, includes: readonly IncludedAddon[] = []) =>
  desiredAddons(addonConfig(changes), catalog, userManifests(changes.addons ?? '', includes))
const find = (list: readonly AddonStep[], addon: string) => list.find((step) => step.addon === addon)
const shape = (list: readonly AddonStep[]) => list.map(({ kind, name }) => `${kind} ${name}`)

test('a cluster with flannel, CoreDNS and metrics-server', () => {
  expect(shape(steps())).toEqual([
    'deploy rke-network-plugin',
    'delete-if-installed rke-kube-dns-addon',
    'deploy rke-coredns-addon',
    'delete-if-installed rke-nodelocal-addon',
    'deploy rke-metrics-addon',
    'delete-if-installed rke-ingress-controller',
    'delete-if-installed rke-user-addon',
    'delete-if-installed rke-user-includes-addons',
  ])
})

test('only the user’s own addons may fail', () => {
  const optional = steps({ addons: manifest }).filter((step) => step.optional)
  expect(optional.map(({ addon }) => addon)).toEqual(['user-addons', 'user-addons-include'])
})

describe('order', () => {
  test('the network comes first, then DNS, then the rest side by side', () => {
    const list = steps()
    expect(find(list, 'network')?.after).toEqual([])
    expect(find(list, 'coredns')?.after).toEqual(['rke-network-plugin', 'rke-kube-dns-addon'])
    expect(find(list, 'metrics-server')?.after).toEqual([
      'rke-network-plugin',
      'rke-kube-dns-addon',
      'rke-coredns-addon',
    ])
    expect(find(list, 'metrics-server')?.after).toEqual(find(list, 'ingress')?.after)
  })

  test('a user’s manifests come after ingress, and included ones after inline ones', () => {
    const list = steps({ addons: manifest, addonsInclude: ['a.yaml'] }, [
      { source: 'a.yaml', text: manifest },
    ])
    expect(find(list, 'user-addons')?.after).toContain('rke-ingress-controller')
    expect(find(list, 'user-addons-include')?.after).toContain('rke-user-addon')
  })

  test('every step waits only for earlier ones of the list', () => {
    const list = steps({ addons: manifest })
    for (const [index, step] of list.entries()) {
      const earlier = list.slice(0, index).map(({ name }): string => name)
      expect(step.after.filter((name) => !earlier.includes(name))).toEqual([])
    }
  })
})

describe('what is switched off', () => {
  const plain = addonConfig()

  test('a network plugin is never removed', () => {
    expect(find(steps({ network: { ...plain.network, plugin: 'none' } }), 'network')).toBeUndefined()
  })

  test('without DNS both providers go, and the cache on the nodes is not touched', () => {
    const list = steps({ dns: { ...plain.dns, provider: 'none' } })
    expect(find(list, 'kube-dns')?.kind).toBe('delete-if-installed')
    expect(find(list, 'coredns')?.kind).toBe('delete-if-installed')
    expect(find(list, 'nodelocal')).toBeUndefined()
  })

  test.each(['unbound', 'CORE-DNS', 'None'])('provider %s counts as no DNS', (provider) => {
    const nodelocal = { ipAddress: '169.254.20.10', nodeSelector: {} }
    const list = steps({ dns: { ...plain.dns, provider, nodelocal } })
    expect(find(list, 'kube-dns')?.kind).toBe('delete-if-installed')
    expect(find(list, 'coredns')?.kind).toBe('delete-if-installed')
    expect(find(list, 'nodelocal')).toBeUndefined()
  })

  test.each([
    ['CoreDNS', 'coredns', 'kube-dns'],
    ['Kube-DNS', 'kube-dns', 'coredns'],
  ] as const)('provider %s deploys nothing and leaves %s as it is', (provider, same, other) => {
    const list = steps({ dns: { ...plain.dns, provider } })
    expect(find(list, same)).toBeUndefined()
    expect(find(list, other)?.kind).toBe('delete-if-installed')
  })

  test('a nodelocal block without address neither installs nor removes the cache', () => {
    const nodelocal = { nodeSelector: {} }
    expect(find(steps({ dns: { ...plain.dns, nodelocal } }), 'nodelocal')).toBeUndefined()
  })

  test('metrics-server goes with provider none', () => {
    const list = steps({ monitoring: { ...plain.monitoring, provider: 'none' } })
    expect(find(list, 'metrics-server')?.kind).toBe('delete-if-installed')
  })
})

describe('a user’s addons', () => {
  test('are stored as they were written', () => {
    const text = `# mine\n${manifest}`
    expect(find(steps({ addons: text }), 'user-addons')).toMatchObject({ kind: 'deploy', manifest: text })
  })

  test('are deployed without what cannot be, and then keep what else of them is stored', () => {
    const list = steps({ addons: `${manifest}---\nkind: Namespace\n`, addonsInclude: ['a', 'b'] }, [
      { source: 'a', text: manifest },
      { source: 'b', failure: 'gone' },
    ])
    const deployed = { kind: 'deploy', manifest: `---\n${manifest}`, keepsRest: true }
    expect(find(list, 'user-addons')).toMatchObject(deployed)
    expect(find(list, 'user-addons-include')).toMatchObject(deployed)
  })

  test.each([
    ['that hold nothing', '# later\n'],
    ['that are no Kubernetes objects', 'kind: Namespace\n'],
    ['that are no YAML', 'just: [some\n'],
  ])('%s leave the cluster as it is', (_, text) => {
    expect(find(steps({ addons: text }), 'user-addons')).toBeUndefined()
    const items = [{ source: 'a', text }]
    expect(find(steps({ addonsInclude: ['a'] }, items), 'user-addons-include')).toBeUndefined()
  })

  test('that cannot be read leave the cluster as it is', () => {
    const items = [{ source: 'gone.yaml', failure: 'there is no such file' }]
    expect(find(steps({ addonsInclude: ['gone.yaml'] }, items), 'user-addons-include')).toBeUndefined()
  })
})

describe('settings', () => {
  const plain = addonConfig()

  test('a backend port that is no number is refused by its key', () => {
    const options = { flannel_backend_port: '84x' }
    expect(() => steps({ network: { ...plain.network, options } })).toThrow(
      'network.options.flannel_backend_port is "84x", which is not a whole number',
    )
  })

  test('a loopback upstream of CoreDNS is warned about', () => {
    const list = steps({ dns: { ...plain.dns, upstreamnameservers: ['127.0.0.53', '192.0.2.1'] } })
    expect(find(list, 'coredns')?.warnings).toEqual([expect.stringContaining('127.0.0.53')])
  })

  test('text that YAML could read as something else arrives as text', () => {
    const nodeSelector = { a: 'yes', b: '0o17', c: "it's: #1", d: '' }
    const list = steps({ monitoring: { ...plain.monitoring, nodeSelector } })
    const step = find(list, 'metrics-server')
    const objects = step?.kind === 'deploy' ? parseManifest(step.manifest) : []
    const deployment = objects.find(({ kind }) => kind === 'Deployment')
    expect(deployment).toMatchObject({ spec: { template: { spec: { nodeSelector } } } })
  })

  test('metadata newer than this program gets the newest manifest known, and a warning', () => {
    const newer = { addonTemplate: (addon: string) => `${addon}-v99`, addonTemplateText: () => undefined }
    const list = desiredAddons(addonConfig(), newer)
    expect(find(list, 'network')?.warnings).toEqual([expect.stringContaining('flannel-v0.25.1')])
    expect(list.map((step) => ('manifest' in step ? step.manifest : ''))).toEqual(
      steps().map((step) => ('manifest' in step ? step.manifest : '')),
    )
  })
})

describe('ingress', () => {
  const plain = addonConfig()
  const ingress = (changes: Partial<AddonConfig['ingress']>) =>
    find(steps({ ingress: { ...plain.ingress, provider: 'nginx', ...changes } }), 'ingress')

  test('has its admission Jobs deleted before it is applied, because their template cannot change', () => {
    const step = ingress({})
    const names = step?.kind === 'deploy' ? step.deleteBefore.map(({ metadata }) => metadata.name) : []
    expect(names).toEqual(['ingress-nginx-admission-create', 'ingress-nginx-admission-patch'])
  })

  test.each([
    ['ingress.extra_args.https-port', { extraArgs: { 'https-port': 'abc' } }],
    ['ingress.http_port', { httpPort: 65_536 }],
  ])('is never made with a port that is none: %s', (key, changes) => {
    expect(() => ingress(changes)).toThrow(`${key} is`)
  })

  test('loses its default backend when that is switched off', () => {
    const deleted = (step: AddonStep | undefined) =>
      step?.kind === 'deploy' ? step.deleteAfter.map(({ kind, metadata }) => `${kind} ${metadata.name}`) : []
    expect(deleted(ingress({ defaultBackend: false }))).toEqual([
      'Service default-http-backend',
      'Deployment default-http-backend',
    ])
    expect(deleted(ingress({ defaultBackend: true }))).toEqual([])
  })

  test.each([
    ['registry.example:5000/nginx-ingress-controller:nginx-1.11.2-rancher1', true],
    ['registry.example/ingress:v1.1', true],
    ['registry.example/ingress:0.50.0', false],
    ['registry.example/ingress:nginx-0.50.0-rancher1', false],
    ['registry.example/ingress:v0.9.0-rancher1', true],
    ['registry.example/ingress:latest', true],
    ['registry.example/ingress@sha256:0a1b', true],
    ['registry.example:5000/ingress', false],
  ])('image %s: ingresses without a class are served = %s', (image, served) => {
    const config = addonConfig()
    const step = desiredAddons(
      {
        ...config,
        systemImages: { ...config.systemImages, ingress: image },
        ingress: { ...config.ingress, provider: 'nginx' },
      },
      catalog,
    ).find(({ addon }) => addon === 'ingress')
    const manifest = step?.kind === 'deploy' ? step.manifest : ''
    expect(manifest.includes('--watch-ingress-without-class=true')).toBe(served)
  })
})

test.each([
  ['network.plugin', { network: { ...addonConfig().network, plugin: 'cilium' } }],
  ['ingress.provider', { ingress: { ...addonConfig().ingress, provider: 'traefik' } }],
])('a provider that is not supported is refused by its key: %s', (key, changes) => {
  expect(() => steps(changes)).toThrow(new RegExp(`^${key}: \\w+ is not supported yet`))
})
