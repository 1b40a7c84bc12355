import { describe, expect, test } from 'vitest'
import { desiredAddons } from '../../../src/addons/desired-addons.ts'
import { isRecord, parseManifest } from '../../../src/addons/objects/manifest.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { catalog } from './addon-fixture.ts'

const V1_24 = 'v1.24.17-rancher1-1'

/** The value at `Kind/name path.of.keys` of the addon's manifest, for a cluster file with these lines. */
function written(lines: string, addon: string, place: string): unknown {
  const file = `nodes: [{address: 1.2.3.4, user: u, role: [controlplane, etcd, worker]}]\n${lines}\n`
  const { config } = loadConfig(file, 'cluster.yml', catalog)
  const step = desiredAddons(config, catalog).find((each) => each.addon === addon && each.kind === 'deploy')
  const [title = '', path = ''] = place.split(' ')
  const [kind, name] = title.split('/')
  const objects = parseManifest(step?.kind === 'deploy' ? step.manifest : '')
  const object: unknown = objects.find((each) => each.kind === kind && each.metadata.name === name)
  return path.split('.').reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)] as unknown
    return isRecord(value) ? value[key] : undefined
  }, object)
}

const pod = 'spec.template.spec'

describe('an empty option means what an absent one does:', () => {
  test.each([
    ['calico', 'calico_node_priority_class_name', 'DaemonSet/calico-node', 'system-node-critical'],
    [
      'calico',
      'calico_kube_controllers_priority_class_name',
      'Deployment/calico-kube-controllers',
      'system-cluster-critical',
    ],
    ['canal', 'canal_priority_class_name', 'DaemonSet/canal', 'system-node-critical'],
    ['flannel', 'kube_flannel_priority_class_name', 'DaemonSet/kube-flannel', 'system-node-critical'],
  ])('%s %s', (plugin, option, object, priority) => {
    const lines = `network: {plugin: ${plugin}, options: {${option}: ""}}`
    expect(written(lines, 'network', `${object} ${pod}.priorityClassName`)).toBe(priority)
  })

  test.each([
    ['coredns', 'coredns_priority_class_name', 'Deployment/coredns', 'system-cluster-critical'],
    ['coredns', 'coredns_autoscaler_priority_class_name', 'Deployment/coredns-autoscaler', undefined],
    ['kube-dns', 'kube_dns_priority_class_name', 'Deployment/kube-dns', undefined],
    ['kube-dns', 'kube_dns_autoscaler_priority_class_name', 'Deployment/kube-dns-autoscaler', undefined],
  ])('%s %s', (provider, option, object, priority) => {
    const lines = `dns: {provider: ${provider}, options: {${option}: ""}}`
    expect(written(lines, provider, `${object} ${pod}.priorityClassName`)).toBe(priority)
  })

  test.each(['canal', 'calico'])('the folder of flex volumes of %s', (plugin) => {
    const lines = `kubernetes_version: ${V1_24}\nnetwork: {plugin: ${plugin}, options: {${plugin}_flex_volume_plugin_dir: ""}}`
    const object = plugin === 'canal' ? 'DaemonSet/canal' : 'DaemonSet/calico-node'
    expect(JSON.stringify(written(lines, 'network', `${object} ${pod}.volumes`))).toContain(
      '"/usr/libexec/kubernetes/kubelet-plugins/volume/exec/nodeagent~uds"',
    )
  })

  test('VNI and port of flannel', () => {
    const lines = 'network: {plugin: flannel, options: {flannel_backend_port: "", flannel_backend_vni: ""}}'
    const text = written(lines, 'network', 'ConfigMap/kube-flannel-cfg data')
    expect(isRecord(text) && JSON.parse(String(text['net-conf.json'])).Backend).toEqual({
      Type: 'vxlan',
      VNI: 1,
      Port: 8472,
    })
  })

  test('ports of the ingress controller', () => {
    const lines = 'ingress: {extra_args: {http-port: "", https-port: ""}}'
    const ports = written(lines, 'ingress', `DaemonSet/nginx-ingress-controller ${pod}.containers.0.ports`)
    expect(ports).toMatchObject([{ containerPort: 80 }, { containerPort: 443 }, { containerPort: 8443 }])
  })
})

describe('ports of the ingress controller', () => {
  test.each(['abc', '0', '65536', '080', '80.5', '-1'])('cannot be %s', (port) => {
    expect(() => written(`ingress: {extra_args: {https-port: "${port}"}}`, 'ingress', 'x')).toThrow(
      'must be a port number',
    )
  })

  test('may be any text where Kubernetes does not get to know them', () => {
    const lines = 'ingress: {network_mode: hostNetwork, extra_args: {https-port: abc}}'
    const ports = written(lines, 'ingress', `DaemonSet/nginx-ingress-controller ${pod}.containers.0.ports`)
    expect(ports).toMatchObject([{ containerPort: 80 }, { containerPort: 443 }, { containerPort: 8443 }])
  })
})

describe('node selectors', () => {
  const selector = 'node_selector: {a: b, kubernetes.io/os: bottlerocket}'

  test.each([
    ['network: {plugin: canal', 'network', 'DaemonSet/canal'],
    ['network: {plugin: calico', 'network', 'DaemonSet/calico-node'],
    ['dns: {provider: coredns', 'coredns', 'Deployment/coredns'],
    ['ingress: {provider: nginx', 'ingress', 'Job/ingress-nginx-admission-create'],
  ])('of the user win over the one for Linux: %s}', (block, addon, object) => {
    expect(written(`${block}, ${selector}}`, addon, `${object} ${pod}.nodeSelector`)).toEqual({
      a: 'b',
      'kubernetes.io/os': 'bottlerocket',
    })
    expect(written(`${block}, node_selector: {a: b}}`, addon, `${object} ${pod}.nodeSelector`)).toEqual({
      a: 'b',
      'kubernetes.io/os': 'linux',
    })
  })

  test('of the user stand alone in canal of Kubernetes v1.24', () => {
    const of = (labels: string) =>
      written(
        `kubernetes_version: ${V1_24}\nnetwork: {plugin: canal, node_selector: ${labels}}`,
        'network',
        `DaemonSet/canal ${pod}.nodeSelector`,
      )
    expect(of('{a: b}')).toEqual({ a: 'b' })
    expect(of('{}')).toEqual({ 'kubernetes.io/os': 'linux' })
  })
})

test('the priority class option of flannel has no effect for Kubernetes v1.24, as in RKE', () => {
  const lines = `kubernetes_version: ${V1_24}\nnetwork: {plugin: flannel, options: {kube_flannel_priority_class_name: mine}}`
  expect(written(lines, 'network', `DaemonSet/kube-flannel ${pod}.priorityClassName`)).toBe(
    'system-node-critical',
  )
})

test.each([
  ['{a.b: []}', '{"a.b":[]}'],
  ['{a.b: [1.1.1.1], A.b: []}', '{"A.b":[],"a.b":["1.1.1.1"]}'],
])('kube-dns gets all stub domains, also those without servers: %s', (given, text) => {
  const lines = `dns: {provider: kube-dns, stubdomains: ${given}}`
  expect(written(lines, 'kube-dns', 'ConfigMap/kube-dns data')).toEqual({ stubDomains: text })
})
