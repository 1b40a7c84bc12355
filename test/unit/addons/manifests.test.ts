import { describe, expect, test } from 'vitest'
import type { AddonConfig } from '../../../src/addons/addon-config.ts'
import { parseManifest } from '../../../src/addons/manifest.ts'
import { desiredAddons } from '../../../src/addons/plan-addons.ts'
import { addonConfig, busyConfig, catalog, VERSION } from './addon-fixture.ts'

/**
 * The manifests as the cluster gets them. Refresh with `vitest -u` and review the differences: one in a pod
 * template restarts pods in every cluster at the next `up`.
 */
const CASES: readonly (readonly [name: string, config: AddonConfig])[] = [
  ['v1.31.1', addonConfig()],
  ['v1.31.1-busy', busyConfig()],
  ['v1.30.4', addonConfig({ kubernetesVersion: 'v1.30.4-rancher1-1' })],
  ['v1.28.7', addonConfig({ kubernetesVersion: 'v1.28.7-rancher1-1' })],
  ['v1.26.15', addonConfig({ kubernetesVersion: 'v1.26.15-rancher1-1' })],
  ['v1.25.9', addonConfig({ kubernetesVersion: 'v1.25.9-rancher2-2' })],
  ['v1.24.8', addonConfig({ kubernetesVersion: 'v1.24.8-rancher1-1' })],
  ['v1.31.1-no-rbac', addonConfig({ authorization: { mode: 'none', options: {} } })],
]

const withNetwork = (
  plugin: string,
  version = 'v1.31.1-rancher1-1',
  changes: Partial<AddonConfig['network']> = {},
) => {
  const config = addonConfig({ kubernetesVersion: version })
  return { ...config, network: { ...config.network, plugin, options: {}, ...changes } }
}

const NETWORKS: readonly (readonly [name: string, config: AddonConfig])[] = [
  ...[
    'v1.31.1-rancher1-1',
    'v1.30.2-rancher1-1',
    'v1.26.6-rancher1-1',
    'v1.25.9-rancher2-2',
    'v1.24.17-rancher1-1',
    'v1.24.8-rancher1-1',
  ].flatMap((version) =>
    ['canal', 'calico'].map(
      (plugin) => [`${plugin}-${version.split('-')[0]}`, withNetwork(plugin, version)] as const,
    ),
  ),
  [
    'canal-v1.31.1-busy',
    withNetwork('canal', VERSION, {
      mtu: 1400,
      nodeSelector: { zone: 'b' },
      tolerations: [{ operator: 'Exists' }],
      updateStrategy: { strategy: 'RollingUpdate', rollingUpdate: { maxUnavailable: '20%' } },
      options: {
        canal_iface: 'eth1',
        canal_flannel_backend_type: 'host-gw',
        canal_priority_class_name: 'network-first',
        calico_kube_controllers_priority_class_name: 'network-second',
      },
    }),
  ],
  [
    'calico-v1.31.1-dual-stack',
    {
      ...withNetwork('calico'),
      services: {
        kubeController: { clusterCidr: '10.42.0.0/16,fd00:42::/56' },
        kubelet: addonConfig().services.kubelet,
      },
    },
  ],
]

test.each(NETWORKS)('network plugin %s', async (name, config) => {
  const step = desiredAddons(config, catalog).find(({ addon }) => addon === 'network')
  const manifest = step?.kind === 'deploy' ? step.manifest : ''
  await expect(manifest).toMatchFileSnapshot(`golden/network-${name}.yaml`)
})

describe.each(CASES)('addons of %s', (name, config) => {
  const deployed = desiredAddons(config, catalog).flatMap((step) => (step.kind === 'deploy' ? [step] : []))

  test.each(deployed.map((step) => [step.addon, step.manifest] as const))('%s', async (addon, manifest) => {
    await expect(manifest).toMatchFileSnapshot(`golden/${addon}-${name}.yaml`)
  })

  test('every manifest reads back as Kubernetes objects, each one once', () => {
    for (const { manifest } of deployed) {
      const objects = parseManifest(manifest).map(
        ({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`,
      )
      expect(new Set(objects).size).toBe(objects.length)
      expect(objects.length).toBeGreaterThan(2)
    }
  })
})
