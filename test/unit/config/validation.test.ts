import { describe, expect, test } from 'vitest'
import { errorOf, fixture, load, oneNode, pem, warningsOf } from './one-node.ts'

const nodes = (...roles: string[]) =>
  `nodes:\n${roles.map((role, index) => `- {address: n${index}, user: u, role: [${role}]}`).join('\n')}\nkubernetes_version: v1.30.4-rancher1-1\n`

const aci = (changes = '') =>
  oneNode(`network: {plugin: aci, aci_network_provider: {system_id: s, token: t, apic_user_name: u, apic_user_key: k,
  apic_user_crt: c, encap_type: vxlan, mcast_range_start: a, mcast_range_end: b, node_subnet: n, aep: a, vrf_name: v,
  vrf_tenant: t, l3out: l, extern_dynamic: d, extern_static: s, node_svc_subnet: n, kube_api_vlan: "1",
  service_vlan: "2", infra_vlan: "3", apic_hosts: [h], l3out_external_networks: [n]${changes}}}`)

describe('refused, as the original refuses it', () => {
  test.each([
    [
      'kubernetes_version: 1.28.14-rancher1-1',
      /^ *cluster\.yml:7:1: kubernetes_version: must be a version such as v1\.28\.14-rancher1-1, not/m,
    ],
    ['kubernetes_version: v1.28', /kubernetes_version: must be a version/],
    ['kubernetes_version: v01.28.14', /kubernetes_version: must be a version/],
    [
      'kubernetes_version: v1.28.14',
      /v1\.28\.14 is not known; use v1\.28\.14-rancher1-1, or name .* system_images: etcd, kubernetes, pod_infra_container,/,
    ],
    [
      'kubernetes_version: v1.28.14-rancher1',
      /v1\.28\.14-rancher1 is not known; use v1\.28\.14-rancher1-1, or name/,
    ],
    ['kubernetes_version: v1.28.99-rancher1-1', /is not known; use v1\.28\.14-rancher1-1, or name/],
    [
      'certificates: {ca_days: -1}',
      /cluster\.yml:7:16: certificates\.ca_days: must be a number of days from 0 to 36500; write a number such as 365/,
    ],
    ['certificates: {leaf_days: 99999}', /certificates\.leaf_days: must be a number of days/],
    ['certificates: {leaf_days: 1.5}', /certificates\.leaf_days: must be a whole number/],
    ['certificates: {leaf_days: a year}', /certificates\.leaf_days: must be a number/],
    [
      'certificates: {leaf_days: 90, renew_before_days: 90}',
      /renew_before_days: must be less than the 90 days for which certificates are valid.*write a number such as 30/,
    ],
    ['certificates: {renew_before_days: 3650}', /renew_before_days: must be less than the 3650 days/],
    [
      'upgrade_strategy: {max_unavailable_worker: 0%}',
      /max_unavailable_worker: "0%" is not a number of nodes/,
    ],
    ['network: {options: {canal_flannel_backend_port: vxlan}}', /backend_port: must be a whole number/],
    ['bastion_host: {address: b}', /bastion_host\.user: is missing/],
    ['authentication: {sans: [münchen.example.org]}', /sans\[0\]: .*write `xn--mnchen-3ya\.example\.org`/],
    ['services: {kubelet: {cluster_domain: küche.local}}', /cluster_domain: .*write `xn--kche-0ra\.local`/],
    ['network: {plugin: cilium}', /network\.plugin: must be one of none, flannel/],
    ['network: {plugin: flannel, mtu: 1400}', /network\.mtu: cannot be set for flannel/],
    [
      'network: {plugin: weave}\nkubernetes_version: v1.30.4-rancher1-1',
      /weave does not exist for Kubernetes v1\.30/,
    ],
    ['network: {plugin: aci}', /aci needs the block aci_network_provider/],
    ['authentication: {strategy: webhook}', /authentication\.strategy: must contain x509/],
    ['authentication: {strategy: "x509|"}', /authentication\.strategy: must be x509 or/],
    ['authorization: {mode: none}', /authorization\.mode: must be rbac.*admission-control-config-file/],
    ['services: {kube-api: {pod_security_configuration: baseline}}', /must be privileged or restricted/],
    [
      'services: {kube-api: {service_cluster_ip_range: "10.43.0.0/16, fd00::/112"}}',
      /" fd00::\/112" is not a CIDR/,
    ],
    [
      'services: {kube-controller: {cluster_cidr: "10.42.0.0/16,fd01::/64"}}',
      /the network plugin canal does not support/,
    ],
    ['services: {etcd: {external_urls: [https://e]}}', /external_urls: needs ca_cert, cert, key and path/],
    ['services: {etcd: {backup_config: {s3backupconfig: {endpoint: e}}}}', /s3backupconfig.*: is missing/],
    [
      'services: {etcd: {backup_config: {s3backupconfig: {endpoint: e, bucket_name: b, custom_ca: x}}}}',
      /custom_ca: is not a certificate/,
    ],
    ['ingress: {provider: traefik}', /ingress\.provider: must be nginx or none/],
    ['ingress: {dns_policy: Cluster}', /dns_policy: must be one of ClusterFirst/],
    ['ingress: {network_mode: host}', /network_mode: must be one of hostPort/],
    ['ingress: {https_port: -1}', /https_port: must be a port number/],
    ['ingress: {http_port: 443}', /https_port: must differ from http_port/],
    ['cloud_provider: {name: azure}', /azure needs the block azureCloudProvider/],
    ['cloud_provider: {name: harvester}', /harvester needs the block harvesterCloudProvider/],
    ['cloud_provider: {customCloudProvider: text}', /customCloudProvider needs a name/],
    ['cloud_provider: {name: aws}', /aws was removed in Kubernetes v1\.27/],
    [
      'services: {kube-api: {extra_args: {enable-admission-plugins: PodSecurityPolicy}}}',
      /enable-admission-plugins: names PodSecurityPolicy, which Kubernetes v1\.25 removed/,
    ],
    [
      'services: {kube-api: {extra_args_array: {enable-admission-plugins: [NodeRestriction, PodSecurityPolicy]}}}',
      /enable-admission-plugins: names PodSecurityPolicy, which Kubernetes v1\.25 removed/,
    ],
  ])('%s', (text, message) => {
    expect(errorOf(oneNode(text))).toMatch(message)
  })

  test('nodes without address, user or role, with an unknown role or a name that Kubernetes cannot have', () => {
    const text = `nodes:
- {}
- {address: a, user: u, role: [etcd, " worker"]}
- {address: "fd00::1", user: u, role: [worker]}
- {address: A, user: u, role: [worker]}
kubernetes_version: v1.30.4-rancher1-1
`
    expect(errorOf(text)).toBe(`cluster.yml has 6 problems and 1 warning:
  warning: cluster.yml:1:1: nodes: no node has the role controlplane
  cluster.yml:2:3: nodes[0].address: is missing
  cluster.yml:2:3: nodes[0].user: is missing: the SSH user
  cluster.yml:2:3: nodes[0].role: is missing: a list of one or more of controlplane, etcd, worker
  cluster.yml:3:38: nodes[1].role[1]: " worker" is not a role; did you mean \`worker\`? use one of controlplane, etcd, worker
  cluster.yml:4:3: nodes[2].hostname_override: "fd00::1" cannot be the name of a Kubernetes node; use at most 253 of a-z, 0-9, "-" and "."
  cluster.yml:5:3: nodes[3].hostname_override: "a" is already the hostname_override of nodes[1] (nodes[1].address: line 3)`)
  })

  test.each(['unknown-build-all-images.yml', 'older-image.yml'])(
    'not older versions with images of the user: %s',
    (name) => {
      expect(errorOf(fixture(name))).toBe('')
    },
  )

  test('v1.8.11, of which RKE knows the images and no flags', () => {
    expect(
      errorOf(oneNode('').replace(/kubernetes_version: .*/, 'kubernetes_version: v1.8.11-rancher2-1')),
    ).toMatch(/kubernetes_version: the flags of Kubernetes v1\.8 are not known, so it cannot be built/)
  })

  test.each([
    ['v1.7.0-rancher1-1', /are not known/],
    ['v1.18', /must be a version such as/],
    ['V1.18.20-rancher1-3', /must be a version such as/],
    ['1.18.20-rancher1-3', /must be a version such as/],
    ['latest', /must be a version such as/],
    ['v1.18.20', /v1\.18\.20 is not known; use v1\.18\.20-rancher1-3, or name these images/],
    ['v1.20.15-rancher3-1', /is not known; use v1\.20\.15-rancher2-2/],
  ])('the version %s', (version, message) => {
    expect(errorOf(oneNode('').replace(/kubernetes_version: .*/, `kubernetes_version: ${version}`))).toMatch(
      message,
    )
  })

  test('versions whose flags nobody knows, whatever images are named', () => {
    expect(errorOf(fixture('version-without-flags.yml'))).toMatch(
      /system_images\.kubernetes: the flags of Kubernetes v1\.7 are not known.*; use one of v1\.27/,
    )
    expect(errorOf(fixture('image-without-flags.yml'))).toMatch(
      /flags of Kubernetes v1\.7 are not known.*; use v1\.30\.5-rancher1-1 under kubernetes_version/,
    )
  })

  test('a port that is none, and a key that is none', () => {
    expect(errorOf(oneNode('', 'port: ssh'))).toMatch(/nodes\[0\]\.port: "ssh" is not a port/)
    expect(errorOf(oneNode('', 'ssh_key: abc'))).toMatch(/ssh_key: is not a private key in PEM form; put the/)
  })

  test.each([
    ['flags that nobody knows', fixture('version-without-flags.yml')],
    ['a limit that is none', oneNode('upgrade_strategy: {max_unavailable_worker: x}')],
    ['another place for the key of the CA', oneNode('certificates: {ca_key: vault}')],
    ['a name that no certificate can hold', oneNode('authentication: {sans: [ä]}')],
    ['a key that is none', oneNode('', 'ssh_key: abc')],
  ])('what only a cluster that is built needs is no obstacle to removing one: %s', (_, text) => {
    expect(errorOf(text)).not.toBe('')
    expect(errorOf(text, { builds: false })).toBe('')
    expect(load(text, { builds: false }).warnings).toEqual([])
  })

  test('two nodes of one address', () => {
    const text = nodes('etcd', 'controlplane,worker').replace('n1', 'n0')
    expect(errorOf(text)).toMatch(
      /cluster\.yml:3:4: nodes\[1\]\.address: "n0" is already the address of nodes\[0\]/,
    )
  })

  test('a cluster without etcd, and one with two kinds of it', () => {
    expect(errorOf(nodes('controlplane', 'worker'))).toMatch(/at least one node with the role etcd/)
    const external = `services: {etcd: {external_urls: ["https://e:2379"], path: /d, cert: ${pem.certificate},
  ca_cert: ${pem.certificate}, key: ${pem.key}}}`
    expect(errorOf(oneNode(external))).toMatch(
      /external_urls: cannot be given together with nodes of the role etcd/,
    )
    expect(errorOf(nodes('controlplane', 'worker') + external)).toBe('')
  })

  test('ACI without what it needs, or with what only clouds have', () => {
    const removing = { builds: false }
    expect(errorOf(aci(), removing)).toBe('')
    expect(errorOf(aci(', aep: ""'), removing)).toMatch(/aep: is missing, and ACI needs it/)
    expect(errorOf(aci(', apic_hosts: []'), removing)).toMatch(/apic_hosts: is missing/)
    expect(errorOf(aci(', capic: "true"'), removing)).toMatch(/capic: belongs to ACI in a cloud/)
    expect(load(aci(), removing).config.network.options).toMatchObject({
      AciContainersMemoryLimit: '3Gi',
      aci_kubeapi_vlan: '1',
    })
  })

  test('dual stack where the plugin can do it is accepted', () => {
    const both = `services: {kube-api: {service_cluster_ip_range: "10.43.0.0/16,fd00::/112"},
  kube-controller: {cluster_cidr: "10.42.0.0/16,fd01::/64", service_cluster_ip_range: "10.43.0.0/16,fd00::/112"}}`
    expect(errorOf(oneNode(`network: {plugin: calico}\n${both}`))).toBe('')
    expect(errorOf(oneNode(`network: {plugin: flannel}\n${both}`))).toMatch(/has 2 problems/)
    const at = (version: string): string =>
      oneNode(`network: {plugin: calico}\n${both}`).replace('v1.28.14-rancher1-1', version)
    expect(errorOf(at('v1.21.14-rancher1-1'))).toBe('')
    expect(errorOf(at('v1.20.15-rancher2-2'))).toMatch(/which the network plugin calico does not support/)
  })

  test('every problem of the file is listed, in file order', () => {
    const text = oneNode('network: {plugin: x}\ningress: {provider: y}\nauthorization: {mode: none}')
    expect(errorOf(text).match(/cluster\.yml:\d+/g)).toEqual([
      'cluster.yml:7',
      'cluster.yml:8',
      'cluster.yml:9',
    ])
  })
})

test('an unknown version with all images that it needs is accepted', () => {
  const images = ['etcd', 'kubernetes', 'pod_infra_container', 'alpine', 'nginx_proxy', 'cert_downloader']
  const more = ['kubernetes_services_sidecar', 'coredns', 'coredns_autoscaler', 'metrics_server']
  const given = [...images, ...more].map((name) => `${name}: "r/${name}:1"`).join(', ')
  const text = `kubernetes_version: v1.28.99
network: {plugin: none}
ingress: {provider: none}
system_images: {${given}}`
  expect(errorOf(oneNode(text))).toBe('')
  expect(load(oneNode(text)).config.services.scheduler.image).toBe('r/kubernetes:1')
})

describe('accepted with a warning, where it is most likely not what was meant', () => {
  test.each([
    [nodes('controlplane,etcd', 'etcd,worker'), /2 etcd nodes survive no more failures than 1/],
    [nodes('etcd', 'worker'), /no node has the role controlplane/],
    [nodes('etcd,controlplane'), /no node has the role worker/],
    [
      oneNode('services: {kube-controller: {service_cluster_ip_range: 10.44.0.0/16}}'),
      /the two should be equal/,
    ],
    [oneNode('services: {kubelet: {cluster_dns_server: 10.99.0.10}}'), /is not in the service range/],
    [oneNode('services: {kube-controller: {cluster_cidr: 10.43.128.0/17}}'), /overlaps the service range/],
    [oneNode('services: {etcd: {uid: 1, gid: 2}}'), /gid: has no effect/],
    [oneNode('enable_cri_dockerd: false'), /enable_cri_dockerd: is false/],
    [oneNode('dns: {provider: bind}'), /dns\.provider: is not one of/],
    [oneNode('ingress: {update_strategy: {}}'), /has no `strategy`/],
    [oneNode('', 'taints: [{key: node-role.kubernetes.io/etcd, effect: NoExecute}]'), /is set by RKE itself/],
    [
      oneNode('', 'taints: [{key: a, effect: NoExecute}, {key: a, effect: NoExecute, value: c}]'),
      /taints\[1\]: a:NoExecute is given twice/,
    ],
    [
      oneNode(
        'services: {kube-api: {admission_configuration: {apiVersion: apiserver.config.k8s.io/v1, kind: AdmissionConfiguration, plugins: [{name: X}]}}}',
      ),
      /plugins\[0\]: only EventRateLimit and PodSecurity reach the API server/,
    ],
  ])('%#', (text, message) => {
    expect(warningsOf(text)).toEqual([expect.stringMatching(message)])
  })
})
