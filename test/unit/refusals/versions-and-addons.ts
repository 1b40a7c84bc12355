import { builtInMetadata } from '../../../src/catalog/built-in-metadata.ts'
import { fixture } from '../config/one-node.ts'
import { file, metadata, type Refusals, withMetadata } from './refused.ts'

/** Metadata with one template, for all versions. */
const templateOf = (addon: string, text: string, more: object = {}): string =>
  metadata({
    ...more,
    K8sVersionedTemplates: {
      [addon]: { '>=1.8.0-rancher0': `${addon}-x` },
      templateKeys: { [`${addon}-x`]: text },
    },
  })

/** A manifest with a container of a network plugin's image. */
const withoutImage = `apiVersion: v1
kind: Pod
metadata: {name: a, namespace: kube-system}
spec:
  containers: [{name: a, image: "{{ .NodeImage }}"}]
`

const images = builtInMetadata.K8sVersionRKESystemImages['v1.30.5-rancher1-1']

/** Imported metadata: its index, and the document that it names. */
const withImports = (index: string, document?: string) => ({
  files: {
    ...file(''),
    'data/rke/metadata/index.json': index,
    ...(document !== undefined && { [`data/rke/metadata/${'a'.repeat(64)}.json`]: document }),
  },
  env: { XDG_DATA_HOME: 'HOME/data' },
})
const IMPORTED = JSON.stringify({
  documents: [
    {
      sha256: 'a'.repeat(64),
      source: '/usr/bin/rke',
      importedAt: '2026-11-30T12:00:00Z',
      versions: 1,
      newest: 'v1.30.5-rancher1-1',
      defaultVersion: 'v1.30.5-rancher1-1',
      templates: 1,
    },
  ],
})

const aciTexts = [
  ...['system_id', 'token', 'apic_user_name', 'apic_user_key', 'apic_user_crt', 'encap_type', 'aep', 'l3out'],
  ...['mcast_range_start', 'mcast_range_end', 'vrf_name', 'vrf_tenant', 'kube_api_vlan', 'service_vlan'],
  'infra_vlan',
]
/** All that Cisco ACI needs, with a range of addresses for Services. */
export const aciBlock = (range: string): string =>
  [
    ...aciTexts.map((key) => `${key}: x`),
    ...['node_subnet', 'extern_static', 'node_svc_subnet'].map((key) => `${key}: 10.9.0.1/16`),
    `extern_dynamic: ${range}`,
    'apic_hosts: [a]',
    'l3out_external_networks: [a]',
  ].join(', ')

export const VERSIONS_AND_ADDONS: Refusals = {
  'flannel-manifest.ts: network.mtu cannot be set for the plugin flannel': {
    files: file('network: {plugin: flannel, mtu: 1400}'),
    says: /network\.mtu: cannot be set for flannel/,
  },
  'options.ts: network.options.… is …, which is not a whole number': {
    files: file('network: {plugin: flannel, options: {flannel_backend_vni: one}}'),
    says: /network\.options\.flannel_backend_vni: must be a whole number/,
  },
  'selected-manifest.ts: …: … is not supported yet': {
    files: file('network: {plugin: cilium}'),
    says: /network\.plugin: must be one of none, flannel, calico, canal, weave, aci/,
  },

  'aci-inputs.ts: … is …, which is no range of addresses': {
    ...withMetadata(templateOf('aci', '')),
    files: {
      ...file(`network: {plugin: aci, aci_network_provider: {${aciBlock('everywhere')}}}`),
      'metadata.json': templateOf('aci', ''),
    },
    says: /extern_dynamic is "everywhere", which is no range of addresses; write a range/,
  },
  'document-manifest.ts: the template … of the version metadata …': {
    ...withMetadata(templateOf('canal', '{{ if }}')),
    says: /cluster\.yml: network\.plugin: the template canal-x of the version metadata cannot be rendered: line 1: a value is missing/,
  },

  'document-manifest.ts: Kubernetes … has no image for …, which the add-on needs': {
    ...withMetadata(
      templateOf('canal', withoutImage, {
        K8sVersionRKESystemImages: { 'v1.30.5-rancher1-1': { ...images, canalNode: '' } },
      }),
    ),
    says: /cluster\.yml: network\.plugin: Kubernetes v1\.30\.5-rancher1-1 has no image for system_images\.canal_node, .*name the image there, or do without the add-on \(network\.plugin: none\)/,
  },

  'left-addons.ts: the manifests of … for Kubernetes … are not built in': {
    files: file('kubernetes_version: v1.20.15-rancher2-2'),
    says: /network\.plugin: the manifests of network, ingress for Kubernetes v1\.20\.15-rancher2-2 are not built in/,
  },

  'catalog.ts: Kubernetes version … is not known': {
    files: file('kubernetes_version: v1.30.99-rancher1-1'),
    says: /kubernetes_version: v1\.30\.99-rancher1-1 is not known; use v1\.30\.5-rancher1-1/,
  },
  'catalog.ts: no component flags are known for Kubernetes …': {
    files: { 'cluster.yml': fixture('version-without-flags.yml') },
    says: /the flags of Kubernetes v1\.7 are not known/,
  },
  'addon-templates.ts: there is no manifest of the add-on … for Kubernetes …': {
    ...withMetadata(metadata({ K8sVersionedTemplates: {} })),
    says: /cluster\.yml: network\.plugin: there is no manifest of the add-on canal/,
  },
  'fetch-document.ts: the server answered … …': 'a server must be asked',
  'fetch-document.ts: it is larger than … MiB': 'a server must be asked',
  'fetch-document.ts: it was not there after … s': 'a server must be asked',
  'fetch-document.ts: it is not a valid URL': {
    files: file(''),
    env: { RANCHER_METADATA_URL: 'http://[' },
    says: /cannot read the version metadata at http:\/\/\[: it is not a valid URL/,
  },
  'metadata.ts: … is not Kubernetes version metadata': {
    ...withMetadata('{}'),
    says: /metadata\.json.*it holds no Kubernetes versions/,
  },
  'check-document.ts: … is only a part of the metadata of an RKE release': 'it ends another command',
  'import-store.ts: cannot read the index of imported metadata …': {
    ...withImports('{"documents":[{}]}'),
    says: /cannot read the index of imported metadata .*index\.json: it has another form; delete .*rke\/metadata, and import again/,
  },
  'import-store.ts: cannot read the imported metadata …': {
    ...withImports(IMPORTED),
    says: /cannot read the imported metadata .*a{64}\.json: .*; import it again, or give it up: rke metadata remove a{12}/,
  },
  'import-store.ts: the imported metadata … is damaged': {
    ...withImports(IMPORTED, metadata({})),
    says: /the imported metadata .*a{64}\.json is damaged: its SHA-256 is /,
  },
  'imports.ts: no metadata was imported with the SHA-256 …': 'it ends another command',
  'imports.ts: say which document is meant, by the first digits of its SHA-256': 'it ends another command',
  'imports.ts: there is no folder for imported metadata': 'it ends another command',
  'imports.ts: … is the beginning of several SHA-256': 'it ends another command',
  'metadata-import.ts: what is imported is missing': 'it ends another command',
  'read-document.ts: it is no JSON document, and no rke executable with one in it': {
    ...withMetadata('\x7fELF\x02\x01'),
    says: /cannot read the version metadata at .*metadata\.json: it is no JSON document, and no rke executable/,
  },
  'open-catalog.ts: its SHA-256 is …, not …': 'a program that uses the library made a mistake',
  'open-catalog.ts: cannot read the version metadata at …': {
    files: file(''),
    env: { RANCHER_METADATA_URL: '/nowhere/metadata.json' },
    says: /cannot read the version metadata at \/nowhere\/metadata\.json/,
  },
}
