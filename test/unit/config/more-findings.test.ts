import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { errorOf, fixture, load, oneNode, pem, warningsOf } from './one-node.ts'

const kubelet = (text: string) => oneNode(`services: {kubelet: ${text}}`)
const etcd = (text: string) => oneNode(`services: {etcd: ${text}}`)
const registries = (text: string) => oneNode(`private_registries: [${text}]`)

describe('what fails only when it is used is a warning', () => {
  test.each([
    [
      'options without effect',
      oneNode('authorization: {options: {a: b}}'),
      /authorization\.options: has no effect/,
    ],
    [
      'a certificate for all nodes',
      oneNode('ssh_cert_path: ~/cert'),
      /ssh_cert_path: has no effect; write it under each node/,
    ],
    [
      'an image without tag',
      oneNode('system_images: {alpine: r/rke-tools}'),
      /alpine: r\/rke-tools has no tag.*; write it as/,
    ],
    [
      'a label of a wrong form',
      oneNode('', 'labels: {"a b": c}'),
      /labels\.a b: Kubernetes refuses this label; use at most 63/,
    ],
    [
      'a value of a label of a wrong form',
      oneNode('', 'labels: {a: -c}'),
      /labels\.a: Kubernetes refuses this label/,
    ],
    [
      'a relative socket',
      oneNode('', 'docker_socket: docker.sock'),
      /docker_socket: is not a path on the node/,
    ],
    ['a taint without effect', oneNode('', 'taints: [{key: a}]'), /taints\[0\]\.effect: is missing/],
    [
      'a taint with an effect of another spelling',
      oneNode('', 'taints: [{key: a, effect: noschedule}]'),
      /effect: "noschedule" is not a known value; did you mean `NoSchedule`\?/,
    ],
    [
      'a taint whose value breaks its text form',
      oneNode('', 'taints: [{key: a, value: "b:c", effect: NoExecute}]'),
      /taints\[0\]\.value: is not a valid taint value/,
    ],
    [
      'a range of ports that is none',
      oneNode('services: {kube-api: {service_node_port_range: 30000}}'),
      /service_node_port_range: "30000" is not a port range/,
    ],
    [
      'a node inside the range of pods',
      oneNode('', 'internal_address: 10.42.0.9'),
      /internal_address: 10\.42\.0\.9 is in the range of pods/,
    ],
    [
      'a retention that is not a duration',
      etcd('{retention: 3d}'),
      /etcd\.retention: "3d" is not a duration above 0, so no recurring snapshots are taken/,
    ],
    [
      'backups that are not switched off',
      etcd('{backup_config: {enabled: false, interval_hours: 3, retention: 2}}'),
      /enabled: no recurring snapshots are taken; RKE .* write `snapshot: false`/,
    ],
    [
      'backups that are switched off in a roundabout way',
      etcd('{backup_config: {enabled: false}}'),
      /enabled: no recurring snapshots are taken; RKE .* write `snapshot: false`/,
    ],
    [
      'a negative number of snapshots',
      etcd('{backup_config: {retention: -1}}'),
      /retention: must not be negative/,
    ],
    [
      'a negative time for draining',
      oneNode('upgrade_strategy: {drain: true, node_drain_input: {timeout: -1}}'),
      /node_drain_input\.timeout: must not be negative: draining fails immediately; write a number/,
    ],
    [
      'uid without gid',
      etcd('{uid: 1000}'),
      /etcd\.uid: has no effect: uid and gid must both be set; write gid/,
    ],
    [
      'an endpoint with a scheme',
      etcd('{backup_config: {s3backupconfig: {endpoint: "https://s3", bucket_name: b}}}'),
      /endpoint: must be a host without a scheme/,
    ],
    [
      'half of the keys of S3',
      etcd('{backup_config: {s3backupconfig: {endpoint: s3, bucket_name: b, access_key: a}}}'),
      /secret_key: is missing; the keys go together/,
    ],
    [
      'an own image of a service',
      kubelet('{image: r/kubelet:1}'),
      /kubelet\.image: has no effect; name the image under system_images, as kubernetes/,
    ],
    [
      'a flag with dashes',
      kubelet('{extra_args: {--max-pods: 3}}'),
      /extra_args\.--max-pods: is not the name of a flag/,
    ],
    [
      'a variable without value',
      kubelet('{extra_env: [A]}'),
      /extra_env\[0\]: is not an environment variable; write NAME=value/,
    ],
    ['a bind of one path', kubelet('{extra_binds: [/srv]}'), /extra_binds\[0\]: is not a bind mount/],
    [
      'audit flags of a log that is off',
      oneNode('services: {kube-api: {audit_log: {enabled: false, configuration: {path: /x}}}}'),
      /audit_log\.enabled: is false, but the API server gets/,
    ],
    [
      'a custom encryption that is off',
      oneNode(
        'services: {kube-api: {secrets_encryption_config: {enabled: false, custom_config: {resources: []}}}}',
      ),
      /custom_config: has no effect without `enabled: true` \(.*enabled: line 7\)/,
    ],
    [
      'a surge that is lost',
      oneNode('network: {update_strategy: {strategy: RollingUpdate, rollingUpdate: {maxSurge: 2}}}'),
      /maxSurge: is ignored, because maxUnavailable is not set; write both/,
    ],
    [
      'an update strategy that is none',
      oneNode('ingress: {update_strategy: {strategy: Rolling}}'),
      /strategy: "Rolling" is not a known value/,
    ],
    [
      'a toleration with an operator that is none',
      oneNode('dns: {tolerations: [{key: a, operator: exists}]}'),
      /operator: "exists" is not a known value; did you mean `Exists`/,
    ],
    [
      'an address of the DNS cache that is none',
      oneNode('dns: {nodelocal: {ip_address: local}}'),
      /nodelocal\.ip_address: is not an IP address/,
    ],
    [
      'metrics from elsewhere',
      oneNode('monitoring: {provider: prometheus}'),
      /monitoring\.provider: "prometheus" is not a known value/,
    ],
    [
      'an option that the network does not have',
      oneNode('network: {options: {canal_flanel_backend_port: "1"}}'),
      /options\.canal_flanel_backend_port: is not a known option.*; did you mean `canal_flannel_backend_port`\?/,
    ],
    [
      'an option of another network',
      oneNode('network: {options: {flannel_iface: eth0}}'),
      /options\.flannel_iface: belongs to flannel, and has no effect with canal; remove it/,
    ],
    [
      'tolerations of flannel',
      oneNode('network: {plugin: flannel, tolerations: [{key: a}]}'),
      /network\.tolerations: have no effect with flannel/,
    ],
    [
      'a bastion without an address',
      oneNode('bastion_host: {user: b}'),
      /bastion_host\.address: is missing, so no bastion host is used/,
    ],
    [
      'a registry with a scheme',
      registries('{url: "https://r", user: a, password: b}'),
      /url: must be a host without a scheme/,
    ],
    [
      'a registry with a slash',
      registries('{url: r.io/, is_default: true}'),
      /url: must not end with a slash/,
    ],
    [
      'two registries of one host',
      registries('{user: a, password: b}, {url: docker.io, user: a, password: b}'),
      /private_registries\[0\]: is replaced by private_registries\[1\].* \(private_registries\[1\]: line 7\)/,
    ],
    [
      'two default registries',
      registries('{url: a.io, is_default: true}, {url: b.io, is_default: true}'),
      /private_registries\[1\]\.is_default: has no effect: only the first/,
    ],
    [
      'a user without password',
      registries('{url: a.io, user: a}'),
      /private_registries\[0\]\.password: is missing/,
    ],
    [
      'Amazon credentials for another registry',
      registries('{url: a.io, ecr_credential_plugin: {}}'),
      /url: is not an Amazon ECR registry/,
    ],
    [
      'a service of rotation that is none',
      oneNode('rotate_certificates: {services: [kubelets]}'),
      /services\[0\]: "kubelets" is not a known value; did you mean `kubelet`/,
    ],
    [
      'a folder of nodes that is none',
      oneNode('prefix_path: opt'),
      /prefix_path: is not a path on the nodes/,
    ],
    [
      'a placeholder where none is replaced',
      oneNode(`cluster_name: "\${env:NAME}"`),
      /cluster_name: holds a placeholder, but is not a password/,
    ],
    [
      'a placeholder without a name',
      registries(`{url: r.io, user: u, password: "\${env:}"}`),
      /password: holds a placeholder without a name; write/,
    ],
  ])('%s', (_, text, message) => {
    expect(errorOf(text)).toBe('')
    expect(warningsOf(text)).toEqual([expect.stringMatching(message)])
  })

  test('nothing is said of what a placeholder stands for', () => {
    const placeholders = `services: {etcd: {backup_config: {s3backupconfig: {endpoint: s3, bucket_name: b,
  access_key: "\${env:KEY}", secret_key: "\${file:secret}", custom_ca: "\${file:ca.pem}"}}}}`
    expect(warningsOf(oneNode(placeholders, `ssh_key: "\${file:id}"`))).toEqual([])
  })

  test('two nodes of one inner address', () => {
    const text = oneNode('').replace(
      'kubernetes_version',
      '- {address: b, user: u, role: [worker], internal_address: 10.0.0.11}\nkubernetes_version',
    )
    expect(warningsOf(text)).toEqual([
      'cluster.yml:6:41: nodes[1].internal_address: "10.0.0.11" is already the internal_address of nodes[0] (nodes[0].address: line 2)',
    ])
  })
})

describe('what the original refuses later is an error at once', () => {
  test('certificates of an external etcd that are none', () => {
    const text = (key: string) => `nodes: [{address: a, user: u, role: [controlplane, worker]}]
services: {etcd: {external_urls: ["https://e:2379"], path: /p, ca_cert: ${pem.certificate}, cert: text, key: ${key}}}`
    expect(errorOf(text(pem.key))).toMatch(/etcd\.cert: is not a certificate in PEM form$/)
    expect(errorOf(text(`"\${env:KEY}"`))).not.toMatch(/etcd\.key/)
    expect(errorOf(text('other'))).toMatch(/etcd\.key: is not a private key in PEM form/)
  })
})

describe('images that are named one by one', () => {
  test('win over kubernetes_version, and a warning names both lines', () => {
    expect(warningsOf(fixture('version-without-effect.yml'))).toEqual([
      'cluster.yml:11:1: kubernetes_version: has no effect on the Kubernetes version: system_images names rancher/hyperkube:v1.28.14-rancher1, not one of v1.30.5-rancher1 (system_images.kubernetes: line 13); remove that image from system_images to use those of v1.30.5-rancher1-1; or name images of v1.30.5-rancher1-1 there',
    ])
  })

  test.each([
    ['the same version', 'r/hyperkube:v1.28.14-rancher1'],
    ['a build of it', 'r.io:5000/hyperkube:v1.28.14-rancher1-fips'],
    ['a tag that says no version', 'r/hyperkube:latest'],
  ])('draw none with %s', (_, image) => {
    expect(warningsOf(oneNode(`system_images: {kubernetes: "${image}"}`))).toEqual([])
  })

  test('draw none where the version is left to the program', () => {
    expect(
      warningsOf(
        oneNode('system_images: {kubernetes: "r/k:v1.29.9-rancher1"}').replace(/kubernetes_v.*/, ''),
      ),
    ).toEqual([])
  })

  test('take a registry of Amazon ECR however its address is written', () => {
    const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
    for (const url of [host, `https://${host}`, `${host}.cn`, `${host}/mirror`]) {
      expect(warningsOf(registries(`{url: "${url}", ecr_credential_plugin: {}}`))).toEqual([])
    }
  })

  test('leave a default registry without effect', () => {
    const text = fixture('default-registry-without-effect.yml')
    expect(warningsOf(text)).toEqual([
      'cluster.yml:13:3: private_registries[0].is_default: has no effect: no image comes from reg.example.org, because system_images names all images that this cluster uses (system_images.kubernetes: line 15); remove system_images, or write `reg.example.org/` before the images there',
    ])
    expect(warningsOf(text.replaceAll(': rancher/', ': reg.example.org/rancher/'))).toEqual([])
    expect(warningsOf(text.replace(/ {2}etcd: .*\n/, ''))).toEqual([])
  })
})

describe('a warning is about something that the user can and should change', () => {
  test('so there is none about a file that an older release of RKE made', () => {
    expect(warningsOf(fixture('older-release.yml'))).toEqual([])
  })

  test('and none about the cluster that the README shows', () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')
    const [, shown = ''] = /\$ cat cluster\.yml\n(.*?)\n\n/s.exec(readme) ?? []
    const text = shown.replaceAll(/^ {4}/gm, '')
    expect(load(text).config.nodes).toHaveLength(3)
    expect(warningsOf(text)).toEqual([])
  })
})
