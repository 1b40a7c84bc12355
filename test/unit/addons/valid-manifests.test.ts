import { describe, expect, test } from 'vitest'
import { desiredAddons } from '../../../src/addons/desired-addons.ts'
import { isRecord, parseManifest } from '../../../src/addons/objects/manifest.ts'
import type { ManifestObject } from '../../../src/addons/objects/manifest-object.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { RkeError } from '../../../src/errors.ts'
import { catalog } from './addon-fixture.ts'
import { unknownFields } from './api-fields.ts'

/** Settings that go into manifests; each value below is tried in the place of `V`. */
const SETTINGS = [
  ...['http-port', 'https-port', 'election-ttl'].map((flag) => `ingress: {extra_args: {${flag}: V}}`),
  ...['http_port', 'https_port', 'dns_policy', 'default_backend', 'default_ingress_class'].map(
    (key) => `ingress: {${key}: V}`,
  ),
  'ingress: {network_mode: none, extra_args: {http-port: V}}',
  'ingress: {options: {a: V}}',
  'ingress: {node_selector: {a: V}}',
  'ingress: {nginx_ingress_controller_priority_class_name: V}',
  'ingress: {default_backend: true, default_http_backend_priority_class_name: V}',
  'ingress: {extra_envs: [{name: A, value: V}]}',
  'ingress: {extra_volumes: [{name: v, hostPath: {path: V}}]}',
  'ingress: {extra_volumes: [{name: v, secret: {defaultMode: V}}]}',
  'ingress: {extra_volume_mounts: [{name: v, mountPath: /v, readOnly: V}]}',
  ...['replicas', 'metrics_server_priority_class_name'].map((key) => `monitoring: {${key}: V}`),
  'monitoring: {options: {a: V}}',
  ...['vni', 'port', 'type'].map((key) => `network: {plugin: flannel, options: {flannel_backend_${key}: V}}`),
  ...['vni', 'port', 'type'].map(
    (key) => `network: {plugin: canal, options: {canal_flannel_backend_${key}: V}}`,
  ),
  ...['canal', 'calico'].map((plugin) => `network: {plugin: ${plugin}, mtu: V}`),
  'network: {plugin: canal, options: {canal_iface: V, canal_priority_class_name: V}}',
  'network: {plugin: calico, node_selector: {a: V}}',
  'network: {plugin: calico, tolerations: [{key: V, tolerationseconds: V}]}',
  ...['network', 'ingress', 'monitoring', 'dns'].flatMap((part) => [
    `${part}: {update_strategy: {strategy: V}}`,
    `${part}: {update_strategy: {strategy: RollingUpdate, rollingUpdate: {maxUnavailable: V, maxSurge: V}}}`,
  ]),
  ...['min', 'max', 'cores_per_replica', 'prevent_single_point_failure'].map(
    (key) => `dns: {linear_autoscaler_params: {${key}: V}}`,
  ),
  'dns: {options: {coredns_priority_class_name: V}}',
  'dns: {upstreamnameservers: [V], reversecidrs: [V], stubdomains: {a.b: [V]}}',
  'dns: {provider: kube-dns, upstreamnameservers: [V], stubdomains: {a.b: [V]}}',
  'dns: {nodelocal: {ip_address: V, node_selector: {a: V}}}',
  'services: {kubelet: {cluster_dns_server: V, cluster_domain: V}}',
  'services: {kube-controller: {cluster_cidr: V}}',
]

const VALUES = [
  '""',
  '~',
  'abc',
  '"yes"',
  'true',
  '0',
  '-1',
  '80',
  '0080',
  '65536',
  '1.5',
  '.nan',
  '.inf',
  '1e400',
  '99999999999999999999',
  '"a: b"',
  '"25%"',
  '[]',
  '{}',
]

/** Everything wrong with the manifests of a cluster file; nothing if the file is refused. */
function faults(lines: string): readonly string[] {
  const file = `nodes: [{address: 1.2.3.4, user: u, role: [controlplane, etcd, worker]}]\n${lines}\n`
  try {
    const { config } = loadConfig(file, 'cluster.yml', catalog)
    return desiredAddons(config, catalog).flatMap((step) =>
      step.kind === 'deploy' ? parseManifest(step.manifest).flatMap(faultsOf) : [],
    )
  } catch (thrown) {
    if (thrown instanceof RkeError) return []
    throw thrown
  }
}

function faultsOf(object: ManifestObject): readonly string[] {
  return [...unknownFields(object, `V1${object.kind}`), ...badNumbers(object, object.kind)]
}

/** Numbers that Kubernetes takes only within limits. */
function badNumbers(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => badNumbers(item, `${path}[${index}]`))
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, member]) => {
    if (typeof member !== 'number') return badNumbers(member, `${path}.${key}`)
    const [from, to] = LIMITS[key] ?? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]
    return member >= from && member <= to ? [] : [`${path}.${key} is ${member}`]
  })
}

const LIMITS: Readonly<Record<string, readonly [from: number, to: number]>> = {
  containerPort: [1, 65535],
  hostPort: [1, 65535],
  port: [1, 65535],
  replicas: [0, 2 ** 31 - 1],
}

describe('what is accepted makes manifests that the API takes:', () => {
  test.each(SETTINGS)('%s', (setting) => {
    const found = VALUES.flatMap((value) => {
      const lines = setting
        .replaceAll('V}', `${value}}`)
        .replaceAll('V]', `${value}]`)
        .replaceAll('V,', `${value},`)
      return faults(lines).map((fault) => `${value}: ${fault}`)
    })
    expect(found).toEqual([])
  })
})
