import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkConfig } from '../../../src/config/check-config.ts'
import type { Problem } from '../../../src/config/yaml/problems.ts'
import { callsIn, textsIn } from '../source/calls.ts'
import { catalog, fixture, oneNode, pem } from './one-node.ts'

const bare = (text: string): string => oneNode(text).replace(/kubernetes_version: .*\n/, '')
const node = (text: string): string => oneNode('', text)
const aci = (more: string): string => `network: {plugin: aci, aci_network_provider: {system_id: s, token: t,
  apic_user_name: u, apic_user_key: k, apic_user_crt: c, encap_type: vxlan, mcast_range_start: a, mcast_range_end: b,
  node_subnet: 10.2.0.1/16, aep: a, vrf_name: v, vrf_tenant: t, l3out: l, extern_dynamic: 10.3.0.1/16,
  extern_static: 10.4.0.1/16, node_svc_subnet: 10.5.0.1/16, kube_api_vlan: "1", service_vlan: "2", infra_vlan: "3",
  apic_hosts: [h], l3out_external_networks: [n]${more}}}`
const backup = (text: string): string => `services: {etcd: {backup_config: {${text}}}}`
const kubeApi = (text: string): string => `services: {kube-api: {${text}}}`
const kubelet = (text: string): string => `services: {kubelet: {${text}}}`
const ownAdmission = 'extra_args: {admission-control-config-file: /etc/own.yaml}'
const externalEtcd = (url: string): string =>
  `nodes: [{address: a, user: u, role: [controlplane, worker]}]\nservices: {etcd: {external_urls: ["${url}"], path: /p, ca_cert: ${pem.certificate}, cert: ${pem.certificate}, key: ${pem.key}}}`
const custom = (value: string): string =>
  `services: {kubelet: {extra_args: {v: ${value}}}, kube-api: {secrets_encryption_config: {enabled: true, custom_config: {resources: [{resources: [secrets], providers: [{identity: {}}]}]}}}}`
const kms = (plugin: string, more = ''): string => {
  const provider = `{kms: {${plugin}name: a, endpoint: "unix:///run/a.sock"}}`
  const resources = `[{resources: [secrets], providers: [${provider}]}]`
  const encryption = `secrets_encryption_config: {enabled: true, custom_config: {resources: ${resources}}}`
  return oneNode(kubeApi(`${encryption}${more}`)).replace(/(kubernetes_version: ).*/, '$1v1.31.1-rancher1-1')
}
const auditRule = (level: string): string =>
  kubeApi(
    `audit_log: {enabled: true, configuration: {policy: {apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: ${level}}]}}}`,
  )
const older = (text: string): string => oneNode(text).replace('v1.28.14-rancher1-1', 'v1.20.15-rancher2-2')
const TWO_RANGES = 'services: {kube-controller: {cluster_cidr: "10.42.0.0/16,fd01::/64"}}'
const KEY = JSON.stringify('-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n')

const SIGNING =
  'services: {kube-controller: {extra_args: {cluster-signing-key-file: /etc/kubernetes/ssl/kube-ca-key.pem}}}'

/** Files with a hint, and the same files with the hint followed. */
const FOLLOWED: readonly (readonly [before: string, after: string])[] = [
  // What is written, and how.
  [oneNode('addons_include: x'), oneNode('addons_include: [x]')],
  [
    oneNode('addons: "kind: Namespace"'),
    oneNode('addons: "{apiVersion: v1, kind: Namespace, metadata: {name: a}}"'),
  ],
  [oneNode('ssh_agent_auth: "true"'), oneNode('ssh_agent_auth: true')],
  [oneNode('addon_job_timeout: "30"'), oneNode('addon_job_timeout: 30')],
  [oneNode(auditRule('5')), oneNode(auditRule('"Metadata"'))],
  [
    oneNode(kubeApi('audit_log: {enabled: true, configuration: {max_age: .inf}}')),
    oneNode(kubeApi('audit_log: {enabled: true, configuration: {max_age: 5}}')),
  ],
  [oneNode(custom('1.10')), oneNode(custom('"1.10"'))],
  [kms(''), kms('apiVersion: v2, ')],
  [kms(''), kms('', ', extra_args: {feature-gates: "KMSv1=true"}')],
  [oneNode('cluster_name: a\ncluster_name: b'), oneNode('cluster_name: b')],
  [oneNode('clustername: a'), oneNode('cluster_name: a')],
  [oneNode(`certificates: {ca_key: external}\n${SIGNING}`), oneNode('certificates: {ca_key: external}')],
  [oneNode(`certificates: {ca_key: external}\n${SIGNING}`), oneNode(SIGNING)],
  [oneNode('certificates: {ca_key: extern}'), oneNode('certificates: {ca_key: external}')],
  [oneNode('cluster_name: a\nclustername: a'), oneNode('cluster_name: a')],
  [oneNode('').replace('user:', 'username:'), oneNode('')],
  [oneNode('').replace('nodes:', 'hosts:'), oneNode('')],
  [`rancher_kubernetes_engine_config:\n${oneNode('').replaceAll(/^(?=.)/gm, '  ')}`, oneNode('')],
  [oneNode(kubeApi('pod_security_policy: true')), oneNode('')],
  [oneNode(kubeApi('pod_security_policy: true')), oneNode(kubeApi('pod_security_configuration: restricted'))],
  [
    fixture('keys-in-camel-case.yml'),
    fixture('keys-in-camel-case.yml')
      .replace('podInfraContainer', 'pod_infra_container')
      .replace('nginxProxy', 'nginx_proxy')
      .replace('certDownloader', 'cert_downloader')
      .replace('kubernetesServicesSidecar', 'kubernetes_services_sidecar'),
  ],

  [
    oneNode(kubeApi('event_rate_limit: {enabled: true, configuration: null}')),
    oneNode(kubeApi('event_rate_limit: {enabled: true}')),
  ],

  [
    oneNode('dns: {update_strategy: {strategy: RollingUpdate, rollingupdate: {maxunavailable: 1}}}'),
    oneNode('dns: {update_strategy: {strategy: RollingUpdate, rollingUpdate: {maxUnavailable: 1}}}'),
  ],

  // Validity of certificates.
  [oneNode('certificates: {ca_days: -1}'), oneNode('certificates: {ca_days: 365, leaf_days: 365}')],
  [
    oneNode('certificates: {leaf_days: 90, renew_before_days: 90}'),
    oneNode('certificates: {leaf_days: 90, renew_before_days: 30}'),
  ],
  [oneNode('certificates: {ca_days: 365}'), oneNode('certificates: {ca_days: 365, leaf_days: 365}')],
  [
    oneNode('certificates: {ca_days: 365, leaf_days: 730}'),
    oneNode('certificates: {ca_days: 365, leaf_days: 365}'),
  ],

  [
    oneNode(kubeApi('extra_args: {enable-admission-plugins: "NodeRestriction,PodSecurityPolicy"}')),
    oneNode(kubeApi('extra_args: {enable-admission-plugins: NodeRestriction}')),
  ],

  [older(`network: {plugin: calico}\n${TWO_RANGES}`), older('network: {plugin: calico}')],

  // Versions and images.
  [bare('kubernetes_version: v1.28.14-rancher1'), bare('kubernetes_version: v1.28.14-rancher1-1')],
  [bare('kubernetes_version: v1.28.99-rancher1-1'), bare('kubernetes_version: v1.28.14-rancher1-1')],
  ...catalog.currentVersions.map(
    (version) =>
      [bare('kubernetes_version: v1.7.16-rancher1-1'), bare(`kubernetes_version: ${version}`)] as const,
  ),
  ...catalog.currentVersions.map(
    (version) =>
      [
        fixture('version-without-flags.yml'),
        fixture('version-without-flags.yml')
          .replace(/kubernetes_version: .*/, `kubernetes_version: ${version}`)
          .replace(/ {2}kubernetes: .*\n/, ''),
      ] as const,
  ),
  [
    fixture('image-without-flags.yml'),
    fixture('image-without-flags.yml').replace(
      /system_images:\n.*/,
      'kubernetes_version: v1.30.5-rancher1-1',
    ),
  ],
  [
    fixture('version-without-effect.yml'),
    fixture('version-without-effect.yml').replace(/system_images:\n.*/, ''),
  ],
  [
    fixture('version-without-effect.yml'),
    fixture('version-without-effect.yml').replace('hyperkube:v1.28.14', 'hyperkube:v1.30.5'),
  ],
  [
    fixture('default-registry-without-effect.yml'),
    fixture('default-registry-without-effect.yml').replace(/system_images:.*/s, ''),
  ],
  [
    fixture('default-registry-without-effect.yml'),
    fixture('default-registry-without-effect.yml').replaceAll(': rancher/', ': reg.example.org/rancher/'),
  ],
  [oneNode('enable_cri_dockerd: false'), oneNode('enable_cri_dockerd: true')],
  [oneNode('enable_cri_dockerd: false'), oneNode('')],
  [oneNode('system_images: {alpine: r/rke-tools}'), oneNode('system_images: {alpine: "r/rke-tools:v1"}')],
  [oneNode(kubelet('image: r/k:1')), oneNode('system_images: {kubernetes: "r/k:1"}')],

  // Nodes, and the way to them.
  [oneNode('').replace('etcd, worker', 'etcd, workers'), oneNode('')],
  [oneNode('').replace('10.0.0.11', '10.0.0.11/24'), oneNode('')],
  [oneNode('').replace('10.0.0.11', '"fd00::1"'), node('hostname_override: a')],
  [
    oneNode('').replace('worker]', 'worker]\n- {address: b, user: u, role: [etcd]}'),
    oneNode('').replace(
      'worker]',
      'worker]\n- {address: b, user: u, role: [etcd]}\n- {address: c, user: u, role: [etcd]}',
    ),
  ],
  [node('port: ssh'), node('port: 22')],
  [
    oneNode('upgrade_strategy: {drain: true, node_drain_input: {timeout: -1}}'),
    oneNode('upgrade_strategy: {drain: true, node_drain_input: {timeout: 0}}'),
  ],
  [node('docker_socket: docker.sock'), node('docker_socket: /docker.sock')],
  [node('ssh_key: abc'), node(`ssh_key: ${KEY}`)],
  [node('ssh_key: ~/.ssh/id_rsa'), node('ssh_key_path: ~/.ssh/id_rsa')],
  [node('labels: {"a b": c}'), node('labels: {a-b: c}')],
  [node('taints: [{key: a}]'), node('taints: [{key: a, effect: NoExecute}]')],
  [node('nodeName: a'), node('hostname_override: a')],
  [oneNode('ssh_cert_path: ~/c'), node('ssh_cert_path: ~/c')],
  [oneNode('prefix_path: opt'), oneNode('prefix_path: /opt')],

  // Registries.
  [
    oneNode('private_registries: [{url: "https://r", user: a, password: b}]'),
    oneNode('private_registries: [{url: r, user: a, password: b}]'),
  ],
  [
    oneNode('private_registries: [{url: a.io, ecr_credential_plugin: {}}]'),
    oneNode(
      'private_registries: [{url: 123456789012.dkr.ecr.eu-west-1.amazonaws.com, ecr_credential_plugin: {}}]',
    ),
  ],

  // Address ranges and names.
  [
    oneNode(kubeApi('service_cluster_ip_range: "10.43.0.0/16, fd00::/112"')),
    oneNode(kubeApi('service_cluster_ip_range: 10.43.0.0/16')),
  ],
  [
    oneNode('services: {kube-controller: {service_cluster_ip_range: 10.44.0.0/16}}'),
    oneNode('services: {kube-controller: {service_cluster_ip_range: 10.43.0.0/16}}'),
  ],
  [
    oneNode('services: {kube-controller: {cluster_cidr: 10.42}}'),
    oneNode('services: {kube-controller: {cluster_cidr: 10.42.0.0/16}}'),
  ],
  [
    oneNode('services: {kube-controller: {cluster_cidr: "10.42.0.0/16,fd01::/64"}}'),
    oneNode(
      'network: {plugin: calico}\nservices: {kube-controller: {cluster_cidr: "10.42.0.0/16,fd01::/64"}}',
    ),
  ],
  [
    oneNode(kubeApi('service_node_port_range: 30000')),
    oneNode(kubeApi('service_node_port_range: 30000-32767')),
  ],
  [
    oneNode('authentication: {sans: [münchen.example.org]}'),
    oneNode('authentication: {sans: [xn--mnchen-3ya.example.org]}'),
  ],
  [oneNode('authentication: {sans: ["ä b"]}'), oneNode('authentication: {sans: [ab]}')],

  // The services.
  [oneNode(kubelet('extra_args: {--max-pods: 3}')), oneNode(kubelet('extra_args: {max-pods: 3}'))],
  [oneNode(kubelet('extra_env: [A]')), oneNode(kubelet('extra_env: [A=b]'))],
  [oneNode(kubelet('extra_binds: [/srv]')), oneNode(kubelet('extra_binds: ["/srv:/srv:ro"]'))],
  [oneNode('services: {etcd: {uid: 1000}}'), oneNode('services: {etcd: {uid: 1000, gid: 1000}}')],
  [oneNode('services: {etcd: {gid: 1000}}'), oneNode('services: {etcd: {uid: 1000, gid: 1000}}')],
  [externalEtcd('e:2379'), externalEtcd('https://e:2379')],
  [oneNode('services: {etcd: {retention: 3d}}'), oneNode('services: {etcd: {retention: 72h}}')],
  [
    oneNode(backup('enabled: false')),
    oneNode('services: {etcd: {snapshot: false, backup_config: {enabled: false}}}'),
  ],
  [
    oneNode(backup('s3backupconfig: {bucket_name: b}')),
    oneNode(backup('s3backupconfig: {bucket_name: b, endpoint: s3.amazonaws.com}')),
  ],
  [
    oneNode(backup('s3backupconfig: {bucket_name: b, endpoint: "https://s3"}')),
    oneNode(backup('s3backupconfig: {bucket_name: b, endpoint: s3}')),
  ],
  [oneNode('restore: {snapshot_name: a}'), oneNode('')],
  [
    oneNode('authentication: {strategy: x509|webhook, webhook: {cache_timeout: 5}}'),
    oneNode('authentication: {strategy: x509|webhook, webhook: {cache_timeout: 5s}}'),
  ],
  [oneNode('authorization: {mode: none}'), oneNode(`authorization: {mode: none}\n${kubeApi(ownAdmission)}`)],
  [
    oneNode(kubeApi('pod_security_configuration: baseline')),
    oneNode(kubeApi('pod_security_configuration: restricted')),
  ],
  [
    oneNode(kubeApi('audit_log: {enabled: false, configuration: {path: /x}}')),
    oneNode(kubeApi('audit_log: {enabled: false}')),
  ],
  [
    oneNode(
      kubeApi(
        'admission_configuration: {apiVersion: apiserver.config.k8s.io/v1, kind: AdmissionConfiguration, plugins: [{name: X}]}',
      ),
    ),
    oneNode(kubeApi(ownAdmission)),
  ],

  // Network and add-ons.
  [oneNode('network: {plugin: callico}'), oneNode('network: {plugin: calico}')],
  [
    bare('network: {plugin: weave}\nkubernetes_version: v1.30.4-rancher1-1'),
    bare('network: {plugin: canal}\nkubernetes_version: v1.30.4-rancher1-1'),
  ],
  [oneNode('network: {options: {canal_ifce: a}}'), oneNode('network: {options: {canal_iface: a}}')],
  [oneNode('network: {options: {mode: a}}'), oneNode('')],
  [oneNode('network: {options: {flannel_iface: a}}'), oneNode('')],
  [oneNode(aci(', capic: "true"')), oneNode(aci(''))],
  [oneNode(aci('').replace('10.3.0.1/16', '10.3.0.1')), oneNode(aci(''))],
  [oneNode('ingress: {provider: ngnix}'), oneNode('ingress: {provider: nginx}')],
  [
    oneNode('ingress: {network_mode: hostPort, extra_args: {http-port: web}}'),
    oneNode('ingress: {network_mode: hostPort, extra_args: {http-port: "8080"}}'),
  ],
  [oneNode('dns: {provider: CoreDNS}'), oneNode('dns: {provider: coredns}')],
  [
    oneNode('dns: {nodelocal: {ip_address: local}}'),
    oneNode('dns: {nodelocal: {ip_address: 169.254.20.10}}'),
  ],
  [
    oneNode('ingress: {update_strategy: {}}'),
    oneNode('ingress: {update_strategy: {strategy: RollingUpdate}}'),
  ],
  [
    oneNode('network: {update_strategy: {strategy: RollingUpdate, rollingUpdate: {maxSurge: 2}}}'),
    oneNode(
      'network: {update_strategy: {strategy: RollingUpdate, rollingUpdate: {maxSurge: 2, maxUnavailable: 1}}}',
    ),
  ],
  [
    oneNode('upgrade_strategy: {max_unavailable_worker: none}'),
    oneNode('upgrade_strategy: {max_unavailable_worker: 10%}'),
  ],
  [oneNode('cloud_provider: {name: aws}'), oneNode('cloud_provider: {name: external-aws}')],
  [oneNode('monitoring: {provider: metrics}'), oneNode('monitoring: {provider: metrics-server}')],
  [oneNode(`cluster_name: "\${env:NAME}"`), oneNode('cluster_name: a')],
  [
    oneNode(`private_registries: [{url: r, user: u, password: "\${env:}"}]`),
    oneNode(`private_registries: [{url: r, user: u, password: "\${env:PASSWORD}"}]`),
  ],
]

/** ACI cannot be built; what is said of its settings counts for other commands. */
const problemsOf = (source: string): readonly Problem[] =>
  checkConfig(source, 'cluster.yml', catalog, { builds: !source.includes('plugin: aci') }).problems
const isSame = (a: Problem, b: Problem): boolean => a.path === b.path && a.message === b.message

test.each(FOLLOWED)(
  '%#: a hint that is followed takes its message away, and leaves a valid file',
  (before, after) => {
    const hinted = problemsOf(before).filter(({ hint }) => hint !== undefined)
    expect(hinted).not.toEqual([])
    const left = problemsOf(after)
    expect(hinted.filter((problem) => left.some((other) => isSame(problem, other)))).toEqual([])
    expect(left.filter(({ severity }) => severity === 'error')).toEqual([])
  },
)

/** Which argument of these functions is the hint. */
const HINT_ARGUMENT: Readonly<Record<string, number>> = {
  error: 2,
  buildError: 2,
  warning: 2,
  each: 4,
  lost: 1,
  report: 4,
  misfit: 1,
  expected: 1,
}

test('every hint that validation can give is among those that were followed', () => {
  const given = FOLLOWED.flatMap(([before]) => problemsOf(before).flatMap(({ hint }) => hint ?? []))
  const folder = join(import.meta.dirname, '../../../src/config')
  const hints = globSync('**/*.ts', { cwd: folder }).flatMap((name) => {
    const source = readFileSync(join(folder, name), 'utf8')
    return callsIn(source, Object.keys(HINT_ARGUMENT)).flatMap((call) => {
      const argument = call.args[HINT_ARGUMENT[call.name] ?? 0] ?? ''
      const hint = argument.startsWith('{') ? argument.split(/\bhint: /)[1] : argument
      return hint === undefined ? [] : textsIn(hint.replace(/\s+(others|from):.*/s, ''))
    })
  })
  expect(hints.length).toBeGreaterThan(40)
  expect(hints.filter((hint) => !given.some((text) => hint.test(text))).map(String)).toEqual([])
})
