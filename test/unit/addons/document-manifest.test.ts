import { describe, expect, test } from 'vitest'
import type { AddonConfig } from '../../../src/addons/addon-config.ts'
import { addonDecision } from '../../../src/addons/addon-decision.ts'
import { desiredAddons } from '../../../src/addons/desired-addons.ts'
import { builtInMetadata } from '../../../src/catalog/built-in-metadata.ts'
import { createCatalog } from '../../../src/catalog/catalog.ts'
import { CatalogError } from '../../../src/errors.ts'
import { addonConfig } from './addon-fixture.ts'

const NETWORK = `
{{- /* the network */}}
{{- if eq .RBACConfig "rbac"}}
apiVersion: v1
kind: ServiceAccount
metadata: {name: net, namespace: kube-system}
{{- end }}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: net, namespace: kube-system}
spec:
{{- if .UpdateStrategy }}
  updateStrategy:
{{ toYaml .UpdateStrategy | indent 4}}
{{- end }}
  template:
    spec:
      nodeSelector:
        kubernetes.io/os: linux
{{- range $k, $v := .NodeSelector }}
        {{ $k }}: "{{ $v }}"
{{- end }}
      containers:
      - name: net
        image: {{ .Image }}
---
`

/** A document with templates for what the configurations of these tests use. */
const documentWith = (templates: Readonly<Record<string, string>>) =>
  createCatalog({
    ...builtInMetadata,
    K8sVersionedTemplates: {
      ...Object.fromEntries(
        Object.keys(templates).map((addon) => [addon, { '>=1.8.0-rancher0': `${addon}-x` }]),
      ),
      templateKeys: Object.fromEntries(
        Object.entries(templates).map(([addon, text]) => [`${addon}-x`, text]),
      ),
    },
  })
const none: Partial<AddonConfig> = {
  dns: { ...addonConfig().dns, provider: 'none' },
  monitoring: { ...addonConfig().monitoring, provider: 'none' },
}
const networkStep = (config: AddonConfig, templates: Readonly<Record<string, string>>) => {
  const step = desiredAddons(config, documentWith(templates)).find(({ addon }) => addon === 'network')
  return step?.kind === 'deploy' ? step : undefined
}
const flannel = addonConfig({ ...none, network: { ...addonConfig().network, nodeSelector: { zone: 'b' } } })

const EXPECTED = `
apiVersion: v1
kind: ServiceAccount
metadata: {name: net, namespace: kube-system}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: net, namespace: kube-system}
spec:
  updateStrategy:
    rollingUpdate:
      maxUnavailable: 1
    type: RollingUpdate
  template:
    spec:
      nodeSelector:
        kubernetes.io/os: linux
        zone: "b"
      containers:
      - name: net
        image: rancher/mirrored-flannel-flannel:v0.25.1
---
`

describe('metadata with templates', () => {
  test('gives the manifest byte for byte, and nothing differs from RKE on purpose', () => {
    const step = networkStep(flannel, { flannel: NETWORK })
    expect(step?.manifest).toBe(EXPECTED)
    expect(step?.differences).toEqual([])
  })

  test('plans nothing for an addon that RKE installed from the same document', () => {
    const { manifest } = networkStep(flannel, { flannel: NETWORK }) ?? { manifest: '' }
    expect(addonDecision({ stored: EXPECTED, job: 'complete' }, manifest)).toEqual({
      action: 'none',
      because: [],
    })
    expect(addonDecision({ stored: `\n\n${EXPECTED}`, job: 'complete' }, manifest).action).toBe('none')
  })

  test.each(['weave', 'aci'])('has manifests of %s', (plugin) => {
    const options =
      plugin === 'aci'
        ? {
            aci_dynamic_external_subnet: '10.3.0.1/24',
            aci_static_external_subnet: '10.4.0.1/24',
            aci_service_graph_subnet: '10.5.0.1/24',
          }
        : {}
    const systemImages = { ...addonConfig().systemImages, weaveNode: 'own/weave:1' }
    const config = addonConfig({
      ...none,
      systemImages,
      network: { ...addonConfig().network, plugin, options },
    })
    expect(networkStep(config, { [plugin]: NETWORK })?.manifest).toContain('kind: DaemonSet')
  })

  test('has what RKE does besides: Jobs of ingress-nginx are deleted before, a default backend after', () => {
    const ingress = (image: string) => {
      const config = addonConfig({ ...none, ingress: { ...addonConfig().ingress, provider: 'nginx' } })
      const steps = desiredAddons(
        { ...config, systemImages: { ...config.systemImages, ingress: image } },
        documentWith({
          flannel: NETWORK,
          nginxIngress: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n',
        }),
      )
      const step = steps.find(({ addon }) => addon === 'ingress')
      if (step?.kind !== 'deploy') throw new TypeError('ingress is deployed')
      return [step.deleteBefore.length, step.deleteAfter.map(({ kind }) => kind)]
    }
    expect(ingress('a/nginx:nginx-1.11.2-rancher1')).toEqual([2, ['Service', 'Deployment']])
    expect(ingress('a/nginx:nginx-0.32.0-rancher1')).toEqual([0, ['Service', 'Deployment']])
  })

  test('has no template of an addon that is switched off', () => {
    const steps = desiredAddons(flannel, documentWith({ flannel: NETWORK, coreDNS: '{{ .Broken' }))
    expect(steps.filter(({ kind }) => kind === 'deploy').map(({ addon }) => addon)).toEqual(['network'])
  })

  test('gives a warning where a template asks for values that there are none of', () => {
    const step = networkStep(flannel, { flannel: `${NETWORK}# {{ .Nope }}\n` })
    expect(step?.warnings).toEqual([expect.stringMatching(/flannel-x .* "<no value>"/)])
  })
})

test.each(['', 'registry.example.org/'])(
  'an image that the version lacks (%j) is an error with its key',
  (image) => {
    const config = { ...flannel, systemImages: { ...flannel.systemImages, flannel: image, weaveNode: '' } }
    expect(() => networkStep(config, { flannel: NETWORK })).toThrow(
      /has no image for system_images\.flannel, which the add-on needs/,
    )
    const given = { ...config, systemImages: { ...config.systemImages, flannel: 'own/flannel:1' } }
    expect(networkStep(given, { flannel: NETWORK })?.manifest).toContain('image: own/flannel:1')
  },
)

test.each([
  ['cannot be rendered: line 2: the function nope is not known', '\n{{ nope }}'],
  ['makes no manifest that Kubernetes can read', 'a: [\n'],
  ['makes no manifest that Kubernetes can read', 'kind: Namespace\n'],
])('a template that %s is an error of the key, before anything is changed', (what, template) => {
  const make = () => networkStep(flannel, { flannel: template })
  expect(make).toThrow(CatalogError)
  expect(make).toThrow(`the template flannel-x of the version metadata ${what}`)
  expect(make).toThrow(expect.objectContaining({ key: ['network', 'plugin'] }))
})
