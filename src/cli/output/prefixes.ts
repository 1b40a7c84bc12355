import { planeOf } from '../../container-names.ts'
import type { StepInfo } from '../../engine/events.ts'

const BY_KIND: Readonly<Record<string, string>> = {
  'ports.check': 'network',
  'selinux.check': 'selinux',
  'image.pull': 'pre-deploy',
  'files.upload': 'certificates',
  'files.access': 'certificates',
  'files.remove': 'certificates',
  'encryption.record': 'state',
  'secrets.rewrite': 'encryption',
  'etcd.permissions': 'etcd',
  'etcd.member.add': 'add/etcd',
  'etcd.member.promote': 'add/etcd',
  'etcd.member.remove': 'remove/etcd',
  'kubelets.reconnect': 'controlplane',
  'service.health': 'healthcheck',
  'kube.authorization': 'authz',
  'node.register': 'sync',
  'node.ready': 'sync',
  'state.commit': 'state',
  'state.publish': 'state',
  'host.clean': 'hosts',
  'folders.clear': 'hosts',
  'dns.move': 'dns',
  'node.cordon': 'hosts',
  'node.drain': 'hosts',
  'node.uncordon': 'hosts',
  'node.delete': 'hosts',
}

const BY_ADDON: Readonly<Record<string, string>> = {
  'rke-network-plugin': 'network',
  'rke-coredns-addon': 'dns',
  'rke-kube-dns-addon': 'dns',
  'rke-nodelocal-addon': 'dns',
  'rke-ingress-controller': 'ingress',
}

/**
 * The prefix of log lines, as in RKE: `[etcd]`, `[controlplane]`, `[worker]`, …
 * A step of another kind gets the first part of its kind.
 */
export function prefixOf(step: StepInfo): string {
  const name = step.id.slice(step.id.lastIndexOf('/') + 1)
  const known = BY_KIND[step.kind]
  if (known !== undefined) return known
  if (step.kind === 'container.remove') return `remove/${name}`
  if (step.kind === 'container.restart') return `restart/${name}`
  if (step.kind.startsWith('container.')) {
    return name === 'service-sidekick' ? 'sidekick' : (planeOf(name) ?? 'worker')
  }
  if (step.kind.startsWith('addon.')) return BY_ADDON[name] ?? 'addons'
  return step.kind.split('.')[0] ?? step.kind
}
