import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load-config.ts'
import { secondsOf } from '../cpu-time.ts'
import { catalog, errorOf, load, oneNode, warningsOf } from './one-node.ts'

describe('text that is no YAML', () => {
  test.each([
    [
      'a tab',
      'nodes:\n\t- address: a\n',
      /^cluster\.yml:2:1: tab characters must not be used in indentation; use spaces$/,
    ],
    ['an open quote', 'addons: "x\n', /^cluster\.yml:2:1: .*a quote above may be unclosed$/],
    [
      'a colon in a text',
      'a: b: c\n',
      /^cluster\.yml:1:5: bad indentation of a mapping entry; align the keys/,
    ],
    ['a list and keys together', '- a\nb: c\n', /^cluster\.yml:2:1: /],
    [
      'an unknown alias',
      'nodes: *none\n',
      /^cluster\.yml:1:9: there is no such anchor above; quote a text that starts with `\*`$/,
    ],
    [
      'an alias inside itself',
      'dns: &a {options: *a}\n',
      /^cluster\.yml:1:20: this alias would contain itself$/,
    ],
    ['a null key', 'dns: {~: b}\n', /^ {2}cluster\.yml:1:7: dns: a key must not be empty or null$/m],
    ['a compound key', '? [a]\n: b\n', /a key must be plain text$/],
    [
      'infinity',
      'nodes: [{labels: {a: .inf}}]\n',
      /^ {2}cluster\.yml:1:22: nodes\[0\]\.labels\.a: infinity/m,
    ],
    ['a merge of a text', 'dns: {<<: text}\n', /<< can merge only mappings$/],
    ['a list', '- a\n', /^cluster\.yml:1:1: a cluster file must be a mapping/],
    ['a text', 'hello\n', /^cluster\.yml:1:1: a cluster file must be a mapping/],
  ])('%s is an error with its place', (_, text, message) => {
    expect(errorOf(text)).toMatch(message)
  })

  test('an alias bomb ends at once', () => {
    const levels = 'bcdefghijk'.split('')
    const bomb = levels.map((name, index) => {
      const below = `*${levels[index - 1] ?? 'a'}`
      return `${name}: &${name} [${Array.from({ length: 9 }, () => below).join(', ')}]`
    })
    expect(errorOf(`a: &a [x]\n${bomb.join('\n')}\n`)).toMatch(/aliases of this file expand beyond/)
  })

  test('so does one of merges, and one of a long text', () => {
    const levels = 'bcdefghijk'.split('')
    const merges = levels.map((name, index) => {
      const below = `*${levels[index - 1] ?? 'a'}`
      return `${name}: &${name} {<<: [${Array.from({ length: 9 }, () => below).join(', ')}]}`
    })
    expect(errorOf(`a: &a {x: y}\n${merges.join('\n')}\n`)).toMatch(/aliases of this file expand beyond/)
    const uses = Array.from({ length: 10_000 }, () => '*a').join(', ')
    expect(errorOf(`addons: &a ${'x'.repeat(100_000)}\naddons_include: [${uses}]\n`)).toMatch(
      /aliases of this file expand beyond/,
    )
  })

  test('aliases inside aliases, hundreds deep, are read or refused, but do not end the program', () => {
    const chain = (depth: number) =>
      Array.from(
        { length: depth },
        (_, index) => `x-${index}: &x${index} {a: ${index === 0 ? 'b' : `*x${index - 1}`}}`,
      )
    expect(errorOf(oneNode(chain(500).join('\n')))).toBe('')
    expect(errorOf(oneNode(chain(5000).join('\n')))).toMatch(/aliases of this file expand beyond/)
  })

  test('twenty thousand unknown keys take seconds at most', () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `kubernets_version${index}: a`).join('\n')
    expect(secondsOf(() => expect(warningsOf(oneNode(keys))).toHaveLength(20_000))).toBeLessThan(10)
  })

  test('nesting without end is an error', () => {
    expect(errorOf(`addons: ${'['.repeat(5000)}`)).toMatch(/^cluster\.yml:1:/)
  })
})

test('an empty file is an empty configuration, whose nodes are missing', () => {
  for (const text of ['', '# only a comment\n', '---\n...\n', '{}', '~']) {
    expect(errorOf(text)).toBe(
      'cluster.yml: nodes: must hold at least one node with the role etcd, because external_urls are not given either',
    )
  }
})

test('a file with every key and no value is like an empty one', () => {
  const text =
    oneNode(`services: {etcd: {image: "", extra_args: {}, uid: 0, snapshot: null, backup_config: null}}
network: {plugin: "", options: {}, node_selector: {}, mtu: 0}
authentication: {strategy: "", sans: [], webhook: null}
addons: ""
addons_include: []
restore: {restore: false, snapshot_name: ""}
private_registries: []
bastion_host: {address: "", port: ""}
dns: null
upgrade_strategy: null
addon_job_timeout: 0
cluster_name: ""`)
  expect(load(text).config).toEqual(load(oneNode('')).config)
})

describe('values of a wrong kind', () => {
  test.each([
    [
      'ssh_agent_auth: "true"',
      'ssh_agent_auth: must be true or false, but quoted text is written here; remove the quotes',
    ],
    ['ssh_agent_auth: 1', 'ssh_agent_auth: must be true or false'],
    [
      'addon_job_timeout: "30"',
      'addon_job_timeout: must be a number, but quoted text is written here; remove the quotes',
    ],
    [
      'addons_include: x',
      'addons_include: must be a list, but a single value is written here; write `[a, b]`, or one `- a` per line',
    ],
    ['cluster_name: [a]', 'cluster_name: must be a single text, but a list is written here'],
    ['network: canal', 'network: must be a mapping, but a single value is written here'],
    [
      'ingress: {extra_envs: [{name: A, value: 1}]}',
      'ingress.extra_envs[0].value: must be text, but this is read as a number; put it in quotes',
    ],
    [
      'ingress: {extra_envs: [{name: A, value: yes}]}',
      'ingress.extra_envs[0].value: must be text, but this is read as a boolean; put it in quotes',
    ],
    [
      'ingress: {update_strategy: {strategy: RollingUpdate, rollingUpdate: {maxUnavailable: 1.5}}}',
      'ingress.update_strategy.rollingUpdate.maxUnavailable: must be a whole number, or a percentage such as 25%',
    ],
    [
      'services: {kube-api: {secrets_encryption_config: {custom_config: text}}}',
      'services.kube-api.secrets_encryption_config.custom_config: must be a mapping, but a single value is written here',
    ],
    [
      'services: {kube-api: {admission_configuration: {}}}',
      'services.kube-api.admission_configuration: must begin with `apiVersion: apiserver.config.k8s.io/v1` and `kind: AdmissionConfiguration`',
    ],
    [
      'services: {kube-api: {audit_log: {enabled: true, configuration: {policy: {}}}}}',
      'services.kube-api.audit_log.configuration.policy: must begin with `apiVersion: audit.k8s.io/v1` and `kind: Policy`',
    ],
  ])('%s', (text, message) => {
    expect(errorOf(oneNode(text))).toMatch(/^cluster\.yml:7:\d+: /)
    expect(errorOf(oneNode(text)).replace(/^\S+ /, '')).toBe(message)
  })

  test('all of a file are reported at once, in file order', () => {
    expect(
      errorOf(oneNode('addon_job_timeout: x\nssh_agent_auth: 3', 'labels: {a: [1]}')),
    ).toBe(`cluster.yml has 3 problems:
  cluster.yml:5:15: nodes[0].labels.a: must be a single text, but a list is written here
  cluster.yml:7:20: addon_job_timeout: must be a number
  cluster.yml:8:17: ssh_agent_auth: must be true or false`)
  })

  test('no message quotes a value that may be secret', () => {
    const text = oneNode('private_registries: [{url: r, password: [hunter2], is_default: hunter2}]')
    expect(errorOf(text)).toMatch(/has 2 problems/)
    expect(errorOf(text)).not.toContain('hunter2')
  })
})

test.each([
  '*hunter2',
  '&hunter2',
  '!hunter2!x',
  '!hunter2^x',
  '!hunter2{x',
  '@hunter2',
  '"hunter2',
  '{hunter2',
])('a password that YAML cannot take without quotes is not shown: %s', (password) => {
  const text = oneNode(`private_registries:\n- url: r\n  password: ${password}\n  is_default: x`)
  expect(errorOf(text)).toMatch(/cluster\.yml:\d+:\d+: /)
  expect(errorOf(text)).not.toContain('hunter2')
})

describe('keys', () => {
  test.each([
    [
      'services: {kube-api: {service_cluster_ip_ranges: a}}',
      'services.kube-api.service_cluster_ip_ranges',
      'service_cluster_ip_range',
    ],
    ['services: {kubeapi: {}}', 'services.kubeapi', 'kube-api'],
    ['clusterName: a', 'clusterName', 'cluster_name'],
    [
      'network: {tolerations: [{tolerationSeconds: 3}]}',
      'network.tolerations[0].tolerationSeconds',
      'tolerationseconds',
    ],
    [
      'services: {etcd: {backup_config: {s3_backup_config: {}}}}',
      'services.etcd.backup_config.s3_backup_config',
      's3backupconfig',
    ],
    [
      'cloud_provider: {openstackCloudProvider: {loadBalancer: {}}}',
      'cloud_provider.openstackCloudProvider.loadBalancer',
      'load_balancer',
    ],
  ])('a misspelt key is named with the right one: %s', (text, path, near) => {
    const warning = warningsOf(oneNode(text)).find((line) => line.includes(`${path}: `))
    expect(warning).toMatch(/^cluster\.yml:7:\d+: /)
    expect(warning).toContain(`is not a known key and has no effect; did you mean \`${near}\`?`)
  })

  test('a key that is written rightly, too, is one to remove', () => {
    expect(warningsOf(oneNode('kuberntes_version: a'))).toEqual([
      'cluster.yml:7:1: kuberntes_version: is not a known key and has no effect; remove it: `kubernetes_version` is written, too',
    ])
  })

  test.each([
    ['hosts: []', 'nodes'],
    ['version: v1.30.5-rancher1-1', 'kubernetes_version'],
    ['nodes: [{username: u}]', 'user'],
    ['nodes: [{hostname: a}]', 'hostname_override'],
    ['nodes: [{ip: 10.0.0.1}]', 'address'],
    ['nodes: [{internal_ip: 10.0.0.1}]', 'internal_address'],
  ])('a key that has another name in other tools is named with ours: %s', (text, name) => {
    expect(errorOf(text)).toContain(`is not a known key and has no effect; did you mean \`${name}\`?`)
  })

  test('the form in which Rancher exports a cluster is recognised', () => {
    expect(errorOf('rancher_kubernetes_engine_config:\n  nodes: []\n')).toContain(
      'cluster.yml:1:1: rancher_kubernetes_engine_config: is the export format of Rancher: nothing below it is read; remove this line',
    )
  })

  test('a key that is gone draws a warning only where it asked for something', () => {
    const policy = (value: string) => oneNode(`services: {kube-api: {pod_security_policy: ${value}}}`)
    expect(warningsOf(policy('false'))).toEqual([])
    expect(warningsOf(policy('null'))).toEqual([])
    expect(warningsOf(policy('true'))).toEqual([
      expect.stringMatching(/pod_security_policy: has no effect: Kubernetes removed pod security policies/),
    ])
  })

  test('a key that resembles none is named alone', () => {
    expect(warningsOf(oneNode('pod_security_policy_and_more: true'))).toEqual([
      'cluster.yml:7:1: pod_security_policy_and_more: is not a known key and has no effect',
    ])
  })

  test('free maps have no unknown keys', () => {
    const text = oneNode(
      'ingress: {options: {anything: a}}\nservices: {kubelet: {extra_args: {Max-Pods: 3}}}',
      'labels: {some/Thing_else: b, __proto__: c}',
    )
    expect(warningsOf(text)).toEqual([expect.stringMatching(/labels\.__proto__: Kubernetes refuses this/)])
    expect(Object.keys(load(text).config.nodes[0]?.labels ?? {})).toEqual(['some/Thing_else', '__proto__'])
  })

  test('a key that is given twice is a warning; the last one counts', () => {
    const text = oneNode('cluster_name: a\ncluster_name: b')
    expect(warningsOf(text)).toEqual(['cluster.yml:8:1: cluster_name: is given twice; keep only one of them'])
    expect(load(text).config.clusterName).toBe('b')
  })

  test('in strict mode unknown and repeated keys are errors', () => {
    const text = oneNode('cluster_name: a\ncluster_name: b\nfoo_bar: 1')
    expect(() => loadConfig(text, 'c.yml', catalog, { strict: true })).toThrow(
      /c\.yml has 2 problems[\s\S]*foo_bar/,
    )
  })
})

test('a custom encryption configuration is kept when it is switched on, and warns of every text it changes', () => {
  const text = (enabled: boolean) =>
    oneNode(
      `services:
  kube-api:
    secrets_encryption_config:
      enabled: ${enabled}
      custom_config:
        resources:
        - resources: [secrets]
          providers:
          - aescbc: {keys: [{name: k1, secret: AAAA}]}
          - identity: {}
  kubelet:
    extra_args: {max-pods: 1.10, v: "1.10", x: 5}`,
    )
  const { config } = load(text(true))
  expect(config.services.kubeApi.secretsEncryptionConfig?.customConfig?.resources?.[0]?.providers).toEqual([
    { aescbc: { keys: [{ name: 'k1', secret: 'AAAA' }] } },
    { identity: {} },
  ])
  expect(config.services.kubelet.extraArgs).toEqual({ 'max-pods': '1.1', v: '1.10', x: '5' })
  expect(warningsOf(text(true))).toEqual([
    expect.stringMatching(
      /^cluster\.yml:18:28: services\.kubelet\.extra_args\.max-pods: is read as `1\.1`, /,
    ),
  ])
  expect(load(text(false)).config.services.kubeApi.secretsEncryptionConfig).toEqual({ enabled: false })
})

test('the flags of the command line win over the file', () => {
  const text = oneNode('ignore_docker_version: true')
  const without = loadConfig(text, 'c', catalog)
  expect(without.config).toMatchObject({ ignoreDockerVersion: false, sshAgentAuth: false })
  expect(without.ignoreDockerVersion).toBe(true)
  const { config } = loadConfig(text, 'c', catalog, { ignoreDockerVersion: true, sshAgentAuth: true })
  expect(config).toMatchObject({ ignoreDockerVersion: true, sshAgentAuth: true })
  expect(config.nodes[0]?.sshAgentAuth).toBe(true)
})

test('the command line may replace the nodes and ask for a rotation', () => {
  const { config } = loadConfig('', 'c', catalog, {
    local: { internalAddress: '10.0.0.7' },
    rotateCertificates: {},
  })
  expect(config.nodes).toMatchObject([
    { address: '127.0.0.1', internalAddress: '10.0.0.7', hostnameOverride: 'localhost', user: 'root' },
  ])
  expect(config.rotateCertificates).toEqual({ caCertificates: false, services: [] })
})
