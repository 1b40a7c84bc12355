import { describe, expect, test } from 'vitest'
import {
  dnsManifest,
  ingressControllerManifest,
  metricsManifest,
  nodelocalDnsManifest,
} from '../../../src/addons/addon-manifests.ts'
import { networkManifest } from '../../../src/addons/network-manifest.ts'
import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import { imagesFor, listSystemImages } from '../../../src/config/images/image-lists.ts'
import { listVersions } from '../../../src/config/images/list-versions.ts'
import { desiredInput, nodeImages } from '../../../src/desired/desired-cluster.ts'
import { CatalogError } from '../../../src/errors.ts'
import { catalog, load, oneNode } from './one-node.ts'

test('the default version, and the newest of every minor on offer, oldest first', () => {
  expect(listVersions(catalog)).toEqual(['v1.30.5-rancher1-1'])
  expect(listVersions(catalog, true)).toEqual([
    'v1.27.16-rancher1-1',
    'v1.28.14-rancher1-1',
    'v1.29.9-rancher1-1',
    'v1.30.5-rancher1-1',
    'v1.31.1-rancher1-1',
  ])
})

describe('the images of a version', () => {
  test('are printed in the order of system_images, each once, without those of Windows', () => {
    expect(listSystemImages(catalog, { version: 'v1.28.14-rancher1-1' })).toEqual([
      {
        version: 'v1.28.14-rancher1-1',
        images: [
          'rancher/mirrored-coreos-etcd:v3.5.10',
          'rancher/rke-tools:v0.1.103',
          'rancher/mirrored-k8s-dns-kube-dns:1.22.28',
          'rancher/mirrored-k8s-dns-dnsmasq-nanny:1.22.28',
          'rancher/mirrored-k8s-dns-sidecar:1.22.28',
          'rancher/mirrored-cluster-proportional-autoscaler:v1.8.9',
          'rancher/mirrored-coredns-coredns:1.10.1',
          'rancher/mirrored-k8s-dns-node-cache:1.22.28',
          'rancher/hyperkube:v1.28.14-rancher1',
          'rancher/mirrored-flannel-flannel:v0.24.2',
          'rancher/flannel-cni:v0.3.0-rancher9',
          'rancher/mirrored-calico-node:v3.27.4',
          'rancher/calico-cni:v3.27.4-rancher1',
          'rancher/mirrored-calico-kube-controllers:v3.27.4',
          'rancher/mirrored-calico-ctl:v3.27.4',
          'rancher/mirrored-calico-pod2daemon-flexvol:v3.27.4',
          'weaveworks/weave-kube:2.8.1',
          'weaveworks/weave-npc:2.8.1',
          'rancher/mirrored-pause:3.7',
          'rancher/nginx-ingress-controller:nginx-1.11.2-rancher1',
          'rancher/mirrored-nginx-ingress-controller-defaultbackend:1.5-rancher1',
          'rancher/mirrored-ingress-nginx-kube-webhook-certgen:v20231226-1a7112e06',
          'rancher/mirrored-metrics-server:v0.7.0',
          'noiro/cnideploy:6.1.1.1.81c2369',
          'noiro/aci-containers-host:6.1.1.1.81c2369',
          'noiro/opflex:6.1.1.1.81c2369',
          'noiro/openvswitch:6.1.1.1.81c2369',
          'noiro/aci-containers-controller:6.1.1.1.81c2369',
        ],
      },
    ])
  })

  test('of all versions on offer come version by version, whatever single version is named', () => {
    const all = listSystemImages(catalog, { all: true, version: 'v1.24.2-rancher1-1' })
    expect(all.map(({ version }) => version)).toEqual(catalog.currentVersions)
  })

  test('are those of the default version where none is named; any known version may be', () => {
    expect(listSystemImages(catalog)[0]?.version).toBe('v1.30.5-rancher1-1')
    expect(listSystemImages(catalog, { version: 'v1.24.2-rancher1-1' })[0]?.images).toContain(
      'rancher/mirrored-coreos-etcd:v3.5.4',
    )
  })

  test('that is not known are an error that names the ones on offer', () => {
    const list = () => listSystemImages(catalog, { version: 'v1.28.14' })
    expect(list).toThrow(CatalogError)
    expect(list).toThrow(/v1\.28\.14 is not known; the versions on offer are \[v1\.27\.16-rancher1-1 v1\.28/)
  })
})

/** Every image in the manifests of a cluster's addons, and in the containers of its nodes. */
function imagesInUse(config: ClusterConfig): string[] {
  const manifests = [
    networkManifest(config, catalog),
    dnsManifest(config, catalog),
    nodelocalDnsManifest(config, catalog),
    metricsManifest(config, catalog),
    ingressControllerManifest(config, catalog),
  ]
  const found = [...JSON.stringify(manifests).matchAll(/"image":"([^"]+)"/g)].map(([, image = '']) => image)
  const input = desiredInput(config, catalog, false)
  return [
    ...new Set([...found, ...config.nodes.flatMap((node) => nodeImages(input, node)), input.backupImage]),
  ].sort()
}

describe('the images of a cluster are those in its containers and manifests, and no others', () => {
  test.each([
    ['canal', oneNode('')],
    ['calico', oneNode('network: {plugin: calico}')],
    ['calico with Kubernetes v1.24', oneNode('network: {plugin: calico}').replace('v1.28.14', 'v1.24.17')],
    ['canal with Kubernetes v1.24', oneNode('').replace('v1.28.14', 'v1.24.17')],
    ['canal with Kubernetes v1.25', oneNode('').replace('v1.28.14-rancher1-1', 'v1.25.6-rancher2-1')],
    [
      'flannel, kube-dns and a DNS cache',
      oneNode(
        'network: {plugin: flannel}\ndns: {provider: kube-dns, nodelocal: {ip_address: 169.254.20.10}}',
      ),
    ],
    [
      'nothing but nodes',
      oneNode(
        'network: {plugin: none}\ndns: {provider: none}\nmonitoring: {provider: none}\ningress: {provider: none}',
      ),
    ],
    ['a default backend', oneNode('ingress: {default_backend: true}')],
    [
      'workers apart',
      oneNode('').replace(
        'kubernetes_version',
        '- {address: b, user: u, role: [worker]}\nkubernetes_version',
      ),
    ],
    [
      'a default registry',
      oneNode('private_registries: [{url: r.io, is_default: true}]').replace('v1.28.14', 'v1.30.5'),
    ],
    [
      'another image of rke-tools, and of pause',
      oneNode(
        'system_images: {alpine: "r/tools:1"}\nservices: {kubelet: {infra_container_image: "r/pause:1"}}',
      ),
    ],
  ])('%s', (_, text) => {
    const { config } = load(text)
    const listed = imagesFor(config, catalog)
    expect([...listed].sort()).toEqual(imagesInUse(config))
    expect(new Set(listed).size).toBe(listed.length)
  })
})
