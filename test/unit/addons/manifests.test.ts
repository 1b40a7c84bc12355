import { describe, expect, test } from 'vitest'
import type { AddonConfig } from '../../../src/addons/addon-config.ts'
import { desiredAddons } from '../../../src/addons/desired-addons.ts'
import { parseManifest } from '../../../src/addons/objects/manifest.ts'
import { objectKey } from '../../../src/addons/objects/manifest-object.ts'
import { addonConfig, busyConfig, catalog, VERSION } from './addon-fixture.ts'
import { unknownFields } from './api-fields.ts'

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

const withIngress = (version = VERSION, changes: Partial<AddonConfig['ingress']> = {}) => {
  const config = addonConfig({ kubernetesVersion: version })
  return { ...config, ingress: { ...config.ingress, provider: 'nginx', ...changes } }
}

const INGRESSES: readonly (readonly [name: string, config: AddonConfig])[] = [
  ['v1.31.1', withIngress()],
  ['v1.30.4', withIngress('v1.30.4-rancher1-1')],
  ['v1.30.2', withIngress('v1.30.2-rancher1-1')],
  ['v1.26.4', withIngress('v1.26.4-rancher2-1')],
  ['v1.24.8', withIngress('v1.24.8-rancher1-1')],
  [
    'v1.31.1-host-network',
    withIngress(VERSION, { networkMode: 'hostNetwork', dnsPolicy: 'ClusterFirstWithHostNet' }),
  ],
  ['v1.31.1-no-ports', withIngress(VERSION, { networkMode: 'none', defaultIngressClass: false })],
  [
    'v1.31.1-busy',
    withIngress(VERSION, {
      options: { 'use-forwarded-headers': 'true', 'map-hash-bucket-size': '128' },
      extraArgs: { 'http-port': '8080', 'https-port': '8443', 'enable-ssl-passthrough': '' },
      extraEnvs: [
        { name: 'TZ', value: 'UTC' },
        { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
      ],
      extraVolumes: [{ name: 'maxmind', hostPath: { path: '/opt/maxmind' } }],
      extraVolumeMounts: [{ name: 'maxmind', mountPath: '/etc/nginx/geoip' }],
      nodeSelector: { edge: 'true' },
      tolerations: [{ key: 'edge', operator: 'Exists' }],
      defaultBackend: true,
      httpPort: 8080,
      httpsPort: 8443,
      nginxIngressControllerPriorityClassName: 'edge-first',
      defaultHttpBackendPriorityClassName: 'edge-last',
    }),
  ],
]

const DNS: readonly (readonly [name: string, changes: Partial<AddonConfig['dns']>])[] = [
  ['kube-dns', { provider: 'kube-dns', updateStrategy: undefined }],
  [
    'kube-dns-busy',
    {
      provider: 'kube-dns',
      updateStrategy: { strategy: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: '10%' } },
      options: {
        kube_dns_priority_class_name: 'dns-first',
        kube_dns_autoscaler_priority_class_name: 'dns-second',
      },
      upstreamnameservers: ['192.0.2.1', '192.0.2.2'],
      reversecidrs: ['10.0.0.0/8'],
      stubdomains: { 'corp.example': ['192.0.2.53'], 'a.example': ['192.0.2.54'] },
      nodeSelector: { zone: 'b' },
    },
  ],
  ['nodelocal', { nodelocal: { ipAddress: '169.254.20.10', nodeSelector: {} } }],
  [
    'nodelocal-busy',
    {
      nodelocal: {
        ipAddress: '169.254.20.10',
        nodeSelector: { zone: 'b' },
        nodeLocalDnsPriorityClassName: 'dns-first',
        updateStrategy: { strategy: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
      },
    },
  ],
]

const manifestOf = (config: AddonConfig, addon: string) =>
  desiredAddons(config, catalog).flatMap((step) =>
    step.addon === addon && step.kind === 'deploy' ? [step.manifest] : [],
  )[0] ?? ''

test.each(NETWORKS)('network plugin %s', async (name, config) => {
  await expect(manifestOf(config, 'network')).toMatchFileSnapshot(`golden/network-${name}.yaml`)
})

test.each(INGRESSES)('ingress %s', async (name, config) => {
  await expect(manifestOf(config, 'ingress')).toMatchFileSnapshot(`golden/ingress-${name}.yaml`)
})

test.each(DNS)('%s', async (name, changes) => {
  const plain = addonConfig()
  const dns = { ...plain.dns, ...changes }
  const addon = name.replace('-busy', '')
  await expect(manifestOf({ ...plain, dns }, addon)).toMatchFileSnapshot(`golden/${name}.yaml`)
})

describe.each([...CASES, ...NETWORKS, ...INGRESSES])('every manifest of %s', (_, config) => {
  const objects = desiredAddons(config, catalog).flatMap((step) =>
    step.kind === 'deploy' ? [parseManifest(step.manifest)] : [],
  )

  test('reads back as Kubernetes objects, each one once', () => {
    for (const manifest of objects) {
      expect(new Set(manifest.map(objectKey)).size).toBe(manifest.length)
      expect(manifest.length).toBeGreaterThan(2)
    }
  })

  test('has only fields that the API knows, each of its type', () => {
    const known = objects.flat().filter(({ kind }) => kind !== 'PodSecurityPolicy')
    expect(known.flatMap((object) => unknownFields(object, `V1${object.kind}`))).toEqual([])
  })

  test('names an image in every container', () => {
    const images = JSON.stringify(objects).match(/"image":"[^"]*"/g) ?? []
    expect(images.length).toBeGreaterThan(4)
    expect(images.filter((image) => !/"image":"[^":]+(\/[^":]+)+:[^":]+"/.test(image))).toEqual([])
  })

  test('names only service accounts and roles that it holds, or that Kubernetes has', () => {
    for (const manifest of objects) {
      const held = manifest.map(({ kind, metadata }) => `${kind}/${metadata.name}`)
      const roles = manifest.flatMap((object) =>
        'roleRef' in object ? [object.roleRef as { kind: string; name: string }] : [],
      )
      const missing = roles.map(({ kind, name }) => `${kind}/${name}`).filter((role) => !held.includes(role))
      expect(missing.filter((role) => !KUBERNETES_ROLES.includes(role))).toEqual([])
      const accounts = [...JSON.stringify(manifest).matchAll(/"serviceAccountName":"([^"]*)"/g)].map(
        ([, name]) => `ServiceAccount/${name}`,
      )
      expect(accounts.filter((account) => !held.includes(account))).toEqual([])
    }
  })
})

const KUBERNETES_ROLES = [
  'ClusterRole/system:auth-delegator',
  'Role/extension-apiserver-authentication-reader',
]

describe.each(CASES)('addons of %s', (name, config) => {
  const deployed = desiredAddons(config, catalog).flatMap((step) => (step.kind === 'deploy' ? [step] : []))

  test.each(deployed.map((step) => [step.addon, step.manifest] as const))('%s', async (addon, manifest) => {
    await expect(manifest).toMatchFileSnapshot(`golden/${addon}-${name}.yaml`)
  })
})
