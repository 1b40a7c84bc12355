import { describe, expect, test } from 'vitest'
import { builtInMetadata } from '../../../src/catalog/built-in-metadata.ts'
import { createCatalog } from '../../../src/catalog/catalog.ts'
import { isKnownToRke } from '../../../src/catalog/versions-of-rke.ts'
import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { offlineWarnings } from '../../../src/plan/checks/warnings.ts'

const catalog = createCatalog(builtInMetadata)

function cluster(version: string, more = ''): ClusterConfig {
  const nodes = 'nodes: [{address: 1.2.3.4, user: u, role: [controlplane, etcd, worker]}]'
  return loadConfig(`kubernetes_version: ${version}\n${nodes}\n${more}`, 'cluster.yml', catalog).config
}

/** What is said before the change is made. */
function warnings(applied: ClusterConfig | undefined, config: ClusterConfig): readonly string[] {
  const input = { config, applied, catalog, addons: [], unread: [], encryptionConfig: undefined }
  return offlineWarnings(input).map(({ text }) => text)
}

describe('a plan over a cluster that was applied before', () => {
  test('says which images become older, and that RKE cannot take the cluster back, for v1.31.1', () => {
    const from = cluster('v1.30.4-rancher1-1')
    expect(warnings(from, cluster('v1.31.1-rancher1-1'))).toEqual([
      'kubernetes_version v1.31.1-rancher1-1 brings older images than the cluster has: ' +
        'rancher/rke-tools v0.1.102 → v0.1.100, rancher/mirrored-calico-node v3.28.1 → v3.28.0, ' +
        'rancher/calico-cni v3.28.1-rancher1 → v3.28.0-rancher1, ' +
        'rancher/mirrored-calico-kube-controllers v3.28.1 → v3.28.0, ' +
        'rancher/nginx-ingress-controller nginx-1.11.2-rancher1 → nginx-1.10.1-rancher1',
      'RKE 1.6.3 does not know v1.31.1-rancher1-1: once this is applied, it cannot take the cluster back',
    ])
  })

  test('names only images that the cluster uses', () => {
    const without = 'network: {plugin: none}\ningress: {provider: none}\n'
    const [first] = warnings(cluster('v1.30.4-rancher1-1', without), cluster('v1.31.1-rancher1-1', without))
    expect(first).toMatch(/older images than the cluster has: rancher\/rke-tools v0\.1\.102 → v0\.1\.100$/)
  })

  test('says so for images of the file, too, whatever registry they come from', () => {
    const version = 'v1.30.4-rancher1-1'
    const older = cluster(
      version,
      'system_images: {etcd: "r.example:5000/rancher/mirrored-coreos-etcd:v3.4.18"}',
    )
    expect(warnings(cluster(version), older)).toEqual([
      'system_images brings older images than the cluster has: rancher/mirrored-coreos-etcd v3.5.12 → v3.4.18',
    ])
  })

  test.each([
    ['nothing changes', cluster('v1.31.1-rancher1-1'), cluster('v1.31.1-rancher1-1')],
    ['all images become newer', cluster('v1.30.3-rancher1-1'), cluster('v1.30.4-rancher1-1')],
    [
      'an image has another name, or a date in place of a version',
      cluster(
        'v1.30.4-rancher1-1',
        'system_images: {etcd: "a/b:v9", ingress_webhook: "rancher/mirrored-ingress-nginx-kube-webhook-certgen:v20231226-1a7112e06"}',
      ),
      cluster('v1.30.4-rancher1-1'),
    ],
    ['the cluster is new', undefined, cluster('v1.31.1-rancher1-1')],
  ])('says nothing of this where %s', (_, applied, config) => {
    expect(warnings(applied, config)).toEqual([])
  })
})

test('RKE knows all versions of the catalog but v1.31.1', () => {
  expect(catalog.knownVersions.filter((version) => !isKnownToRke(version))).toEqual(['v1.31.1-rancher1-1'])
  expect(isKnownToRke('v1.30.6-rancher1-1')).toBe(false)
})
