import { describe, expect, test } from 'vitest'
import { asApplied } from '../../../src/config/applied-form.ts'
import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import { applyDefaults } from '../../../src/config/defaults/apply-defaults.ts'
import { clusterConfigSchema } from '../../../src/config/schema/cluster.ts'
import { complete } from '../../../src/config/schema/reading/complete.ts'
import { byBytes, toStateForm } from '../../../src/config/state-form.ts'
import { catalog, load, oneNode, stored } from './one-node.ts'

const labels =
  'labels: {a: 1.10, b: yes, c: , d: 2024-01-01, e: 0o17, f: 1_000, m: TRUE, n: 0777, o: +1, p: !!binary aGVsbG8=}'
const kubeApi = (text: string) => `services: {kube-api: ${text}}`

describe('values', () => {
  test('a text keeps what is written, whatever it looks like', () => {
    expect(stored(oneNode('', labels)).nodes[0].labels).toStrictEqual({
      a: '1.10',
      b: 'yes',
      c: '',
      d: '2024-01-01',
      e: '0o17',
      f: '1_000',
      m: 'TRUE',
      n: '0777',
      o: '+1',
      p: 'hello',
    })
  })

  test('a custom encryption configuration rewrites numbers and switches of the whole file, as in the original', () => {
    const config = stored(oneNode(kubeApi('{secrets_encryption_config: {custom_config: {}}}'), labels))
    expect(config.nodes[0].labels).toStrictEqual({
      a: '1.1',
      b: 'true',
      c: '',
      d: '2024-01-01',
      e: '15',
      f: '1000',
      m: 'true',
      false: '511',
      o: '1',
      p: 'hello',
    })
    expect(config.services.kubeApi.secretsEncryptionConfig).toStrictEqual({})
  })

  test('numbers may be octal, grouped or fractions', () => {
    const config = stored(oneNode('services: {etcd: {uid: 010, gid: 1_0}}\naddon_job_timeout: 7.9'))
    expect(config.services.etcd).toMatchObject({ uid: 8, gid: 10 })
    expect(config.addonJobTimeout).toBe(7)
  })

  test('null is an empty text in a list, and no list in a map of lists', () => {
    const args = '{kubelet: {extra_args_array: {x: [1, ~, true, 1.10], y: ~, z: []}}}'
    expect(stored(oneNode(`services: ${args}`)).services.kubelet.extraArgsArray).toStrictEqual({
      x: ['1', '', 'true', '1.10'],
      y: null,
      z: [],
    })
  })

  test('two blocks of the same name are merged', () => {
    const { dns } = stored(oneNode('dns: {provider: kube-dns}\ndns: {options: {a: b}}'))
    expect(dns).toMatchObject({
      provider: 'kube-dns',
      options: { a: 'b' },
      updateStrategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: '10%' } },
    })
  })

  test('anchors, aliases and merges work', () => {
    const text = `x: &n {user: ubuntu, role: [worker], labels: {a: b}}
nodes:
- {address: a, user: u, role: [etcd, controlplane]}
- {<<: *n, address: b}
- {<<: [{user: me}, *n], address: c, labels: {c: d}}
kubernetes_version: v1.28.14-rancher1-1
`
    expect(stored(text).nodes.slice(1)).toMatchObject([
      { address: 'b', user: 'ubuntu', role: ['worker'], labels: { a: 'b' } },
      { address: 'c', user: 'me', role: ['worker'], labels: { c: 'd' } },
    ])
  })

  test('only the first document is read, whatever follows', () => {
    const one = oneNode('cluster_name: first')
    expect(stored(`%YAML 1.1\n---\n${one}---\n{ not [ yaml`).clusterName).toBe('first')
    expect(stored(`\uFEFF# a comment\n${one.replaceAll('\n', '\r\n')}...\n\tx`).clusterName).toBe('first')
  })

  test('names keep their case except the one of the Kubernetes node', () => {
    const text = oneNode('', 'hostname_override: ""\n  port: ""').replace('10.0.0.11', 'Host.Example.ORG')
    expect(stored(text).nodes[0]).toMatchObject({
      address: 'Host.Example.ORG',
      internalAddress: 'Host.Example.ORG',
      hostnameOverride: 'host.example.org',
      port: '22',
    })
  })
})

describe('update strategies', () => {
  const rolling = (rollingUpdate: object) => ({ strategy: 'RollingUpdate', rollingUpdate })

  test.each([
    [
      'network: {update_strategy: {strategy: RollingUpdate, rollingUpdate: {maxSurge: 2}}}',
      'network',
      rolling({ maxUnavailable: 1 }),
    ],
    [
      'ingress: {update_strategy: {rollingUpdate: {maxUnavailable: 3}}}',
      'ingress',
      { rollingUpdate: { maxUnavailable: 3 } },
    ],
    ['network: {update_strategy: {}}', 'network', {}],
    ['monitoring: {update_strategy: {}}', 'monitoring', {}],
    [
      'monitoring: {update_strategy: {strategy: RollingUpdate, rollingUpdate: {maxSurge: 1}}}',
      'monitoring',
      rolling({ maxUnavailable: '25%', maxSurge: 1 }),
    ],
    [
      'dns: {update_strategy: {strategy: RollingUpdate, rollingUpdate: {}}}',
      'dns',
      rolling({ maxUnavailable: 1 }),
    ],
    [
      'dns: {update_strategy: {rollingUpdate: {maxSurge: 50%}}}',
      'dns',
      { rollingUpdate: { maxUnavailable: 1, maxSurge: '50%' } },
    ],
    [
      'dns: {provider: kube-dns, update_strategy: {rollingUpdate: {maxUnavailable: 2}}}',
      'dns',
      { rollingUpdate: { maxUnavailable: 2, maxSurge: '10%' } },
    ],
    ['dns: {provider: none}', 'dns', undefined],
  ])('%s', (text, part, expected) => {
    expect(stored(oneNode(text))[part].updateStrategy).toStrictEqual(expected)
  })
})

describe('blocks', () => {
  test('an empty block that is optional is kept as it is', () => {
    const { dns } = stored(oneNode('dns: {linear_autoscaler_params: {}, nodelocal: {}}'))
    expect(dns).toMatchObject({ linearAutoscalerParams: {}, nodelocal: {} })
    expect(Object.keys(dns.linearAutoscalerParams)).toEqual([])
  })

  const limits = { maxUnavailableWorker: '10%', maxUnavailableControlplane: '1' }
  const drain = { ignoreDaemonSets: true, gracePeriod: -1, timeout: 120 }
  test.each([
    ['', limits],
    ['upgrade_strategy: {}', { ...limits, nodeDrainInput: drain }],
    ['upgrade_strategy: {drain: true}', { ...limits, drain: true }],
    ['upgrade_strategy: {node_drain_input: {}}', { ...limits, nodeDrainInput: drain }],
    [
      'upgrade_strategy: {node_drain_input: {ignore_daemonsets: false, timeout: 60, grace_period: 0}}',
      { ...limits, nodeDrainInput: { ignoreDaemonSets: false, timeout: 60 } },
    ],
    [
      'upgrade_strategy: {max_unavailable_worker: 3, node_drain_input: {force: true, timeout: 60}}',
      {
        maxUnavailableWorker: '3',
        maxUnavailableControlplane: '1',
        nodeDrainInput: { force: true, ...drain, timeout: 60 },
      },
    ],
  ])('upgrades: %s', (text, expected) => {
    expect(stored(oneNode(text)).upgradeStrategy).toStrictEqual(expected)
  })

  const policy = { kind: 'Policy', apiVersion: 'audit.k8s.io/v1', metadata: { creationTimestamp: null } }
  test.each([
    ['{}', {}],
    ['{enabled: false}', {}],
    [
      '{enabled: true, configuration: {max_age: 5}}',
      { enabled: true, configuration: { maxAge: 5, policy: { ...policy, rules: [{ level: 'Metadata' }] } } },
    ],
    [
      '{enabled: true, configuration: {policy: {apiVersion: audit.k8s.io/v1, kind: Policy}}}',
      { enabled: true, configuration: { policy: { ...policy, rules: null } } },
    ],
  ])('audit log: %s', (text, expected) => {
    expect(stored(oneNode(kubeApi(`{audit_log: ${text}}`))).services.kubeApi.auditLog).toStrictEqual(expected)
  })

  test('event rate limits: an empty configuration stays empty, an own admission file means no defaults', () => {
    const empty = stored(oneNode(kubeApi('{event_rate_limit: {enabled: true, configuration: {}}}')))
    expect(empty.services.kubeApi.eventRateLimit).toStrictEqual({
      enabled: true,
      configuration: { limits: null },
    })
    const byDefault = stored(oneNode(kubeApi('{event_rate_limit: {enabled: true}}')))
    expect(byDefault.services.kubeApi.eventRateLimit.configuration.limits).toEqual([
      { type: 'Server', qps: 5000, burst: 20000 },
    ])
    const own = stored(
      oneNode(
        kubeApi('{extra_args: {admission-control-config-file: /x}, event_rate_limit: {enabled: true}}'),
      ),
    )
    expect(own.services.kubeApi.eventRateLimit).toStrictEqual({ enabled: true })
    expect(own.services.kubeApi.podSecurityConfiguration).toBeUndefined()
  })

  test('admission plugins keep their order, their configuration is sorted', () => {
    const text = `{admission_configuration: {apiVersion: apiserver.config.k8s.io/v1, kind: AdmissionConfiguration,
  plugins: [{name: X, path: /p}, {name: PodSecurity, configuration: {z: 1, a: {c: yes, b: 1.0}}}]}}`
    expect(
      JSON.stringify(stored(oneNode(kubeApi(text))).services.kubeApi.admissionConfiguration.plugins),
    ).toBe(
      '[{"name":"X","path":"/p","configuration":null},{"name":"PodSecurity","path":"","configuration":{"a":{"b":1,"c":true},"z":1}}]',
    )
  })

  test.each([
    ['{}', { intervalHours: 12, retention: 6, s3BackupConfig: null, timeout: 300 }],
    ['{enabled: false, safe_timestamp: true}', { enabled: false, s3BackupConfig: null, safeTimestamp: true }],
    [
      '{s3backupconfig: {bucket_name: b, endpoint: e}}',
      { intervalHours: 12, retention: 6, s3BackupConfig: { bucketName: 'b', endpoint: 'e' }, timeout: 300 },
    ],
  ])('backups: %s', (text, expected) => {
    const config = stored(oneNode(`services: {etcd: {backup_config: ${text}}}`))
    expect(config.services.etcd.backupConfig).toStrictEqual(expected)
  })

  test('every network provider block is copied to the options', () => {
    const { network } = stored(
      oneNode(`network: {plugin: flannel, flannel_network_provider: {iface: eth1}, canal_network_provider: {},
  calico_network_provider: {cloudprovider: aws}, weave_network_provider: {password: p}}`),
    )
    expect(network.options).toStrictEqual({
      WeavePassword: 'p',
      calico_cloud_provider: 'aws',
      canal_iface: '',
      flannel_backend_port: '8472',
      flannel_backend_type: 'vxlan',
      flannel_backend_vni: '1',
      flannel_iface: 'eth1',
    })
    expect(network).toMatchObject({
      calicoNetworkProvider: { cloudProvider: 'aws' },
      canalNetworkProvider: { iface: '' },
      flannelNetworkProvider: { iface: 'eth1' },
      weaveNetworkProvider: { password: 'p' },
    })
  })

  test('an option that is given wins over its provider block', () => {
    const { network } = stored(
      oneNode('network: {options: {canal_iface: ""}, canal_network_provider: {iface: eth9}}'),
    )
    expect(network.options.canal_iface).toBe('')
    expect(network.canalNetworkProvider.iface).toBe('eth9')
  })

  test('a default registry is put before every image, even before those that do not exist', () => {
    const config = stored(
      oneNode(
        'private_registries: [{url: "", user: a, password: b}, {url: "r.io:5000", is_default: true}, ~]',
      ),
    )
    expect(config.privateRegistries).toStrictEqual([
      { user: 'a', password: 'b' },
      { url: 'r.io:5000', isDefault: true },
      {},
    ])
    expect(config.systemImages.etcd).toBe('r.io:5000/rancher/mirrored-coreos-etcd:v3.5.10')
    expect(config.systemImages.aciGbpServerContainer).toBe('r.io:5000/')
    expect(config.services.kubelet.infraContainerImage).toBe('r.io:5000/rancher/mirrored-pause:3.7')
  })

  test('Kubernetes objects of ingress keep explicit empty values, tolerations only their lower-case keys', () => {
    const { ingress } = stored(
      oneNode(`ingress: {extra_volumes: [{name: v, hostPath: {path: /x, type: ""}}],
  extra_volume_mounts: [{name: v, mountPath: /x, readOnly: false}],
  tolerations: [{key: a, tolerationSeconds: 3, tolerationseconds: 0}]}`),
    )
    expect(ingress.extraVolumes).toStrictEqual([{ name: 'v', hostPath: { path: '/x', type: '' } }])
    expect(ingress.extraVolumeMounts).toStrictEqual([{ name: 'v', mountPath: '/x' }])
    expect(ingress.tolerations).toStrictEqual([{ key: 'a', tolerationSeconds: 0 }])
  })

  test('a bastion without an address is stored as given', () => {
    expect(stored(oneNode('bastion_host: {port: 23, ssh_agent_auth: true}')).bastionHost).toStrictEqual({
      port: '23',
      sshAgentAuth: true,
    })
  })

  test('an AWS block names the provider and has all its members', () => {
    const text = oneNode('cloud_provider: {name: external-aws, awsCloudProvider: {}}')
    const { cloudProvider } = stored(text.replace('v1.28.14', 'v1.26.15'))
    expect(cloudProvider).toStrictEqual({
      name: 'aws',
      awsCloudProvider: { global: expect.objectContaining({ zone: '', 'disable-strict-zone-check': false }) },
    })
    expect(Object.keys(cloudProvider.awsCloudProvider.global)).toHaveLength(10)
  })

  test.each([
    ['azureCloudProvider', 28],
    ['openstackCloudProvider', 5],
    ['vsphereCloudProvider', 4],
  ])('an empty %s block keeps the members that are always written', (block, members) => {
    expect(Object.keys(stored(oneNode(`cloud_provider: {${block}: {}}`)).cloudProvider[block])).toHaveLength(
      members,
    )
  })

  test('an authentication strategy stays as written, and brings its webhook', () => {
    const { authentication } = stored(oneNode('authentication: {strategy: " X509 | webhook "}'))
    expect(authentication.strategy).toBe(' X509 | webhook ')
    expect(authentication.webhook.cacheTimeout).toBe('5s')
    expect(authentication.webhook.configFile).toMatch(/^\napiVersion: v1\n[\s\S]*cluster: Default\n$/)
  })

  test('ACI: defaults go into the block, every text of it into the options', () => {
    const { network } = stored(
      oneNode('network: {plugin: flannel, aci_network_provider: {apic_hosts: [h], system_id: s}}'),
    )
    expect(network.aciNetworkProvider).toMatchObject({
      systemId: 's',
      apicHosts: ['h'],
      tolerationSeconds: '600',
    })
    expect(network.options).toMatchObject({
      aci_system_identifier: 's',
      aci_toleration_seconds: '600',
      aci_tenant: '',
    })
    expect(Object.keys(network.options).filter((key) => key.startsWith('aci_'))).toHaveLength(113)
    expect(network.options.AciContainersMemoryLimit).toBeUndefined()
  })
})

test.each([
  '',
  'upgrade_strategy: {drain: true}',
  'network: {update_strategy: {}, plugin: calico, calico_network_provider: {}}',
  'dns: {provider: none}\nmonitoring: {replicas: 0}\ningress: {default_backend: true, default_ingress_class: false}',
  'services: {etcd: {snapshot: false, backup_config: {enabled: false}}, kube-api: {audit_log: {}}}',
  'private_registries: [{url: r, is_default: true}]\nenable_cri_dockerd: false',
  'cloud_provider: {openstackCloudProvider: {}}\nauthentication: {strategy: x509|webhook}',
])('defaulting a second time changes nothing: %s', (text) => {
  const { config } = load(oneNode(text, 'labels: {a: b}'))
  const first = JSON.stringify(toStateForm(config))
  expect(JSON.stringify(toStateForm(applyDefaults(config, catalog)))).toBe(first)
  const read = complete(clusterConfigSchema, JSON.parse(first), () => {}) as ClusterConfig
  expect(JSON.stringify(toStateForm(applyDefaults(read, catalog)))).toBe(first)
  expect(JSON.stringify(toStateForm(asApplied(asApplied(config))))).toBe(
    JSON.stringify(toStateForm(asApplied(config))),
  )
})

test('keys are in the order of their UTF-8 bytes, also those with characters above U+FFFF', () => {
  const keys = [
    '',
    'a',
    'ab',
    'b',
    'Z',
    'é',
    '\ud7ff',
    '\ue000',
    '\uffff',
    '\u{10000}',
    'a\u{1f600}',
    'a\uffee',
  ]
  const bytes = (text: string): Buffer => Buffer.from(text, 'utf8')
  expect(keys.toSorted(byBytes)).toEqual(keys.toSorted((a, b) => Buffer.compare(bytes(a), bytes(b))))
})

describe('keys that RKE does not know', () => {
  const text = oneNode('certificates: {ca_days: 7300, leaf_days: 365, renew_before_days: 30}')

  test('are read, and are not stored', () => {
    const { config, warnings } = load(text)
    expect(config.certificates).toEqual({ caDays: 7300, leafDays: 365, renewBeforeDays: 30 })
    expect(warnings).toEqual([])
    expect(stored(text)).toStrictEqual(stored(oneNode('')))
    expect(asApplied(config)).toStrictEqual(asApplied(load(oneNode('')).config))
  })
})
