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
  'encryption.rewrite': 'encryption',
  'encryption.verify': 'encryption',
  'etcd.permissions': 'etcd',
  'etcd.data.set-aside': 'etcd',
  'etcd.data.put-back': 'etcd',
  'etcd.data.discard': 'etcd',
  'etcd.restore': 'etcd',
  'snapshot.download': 'etcd',
  'bucket.remove': 's3',
  'snapshot.state': 'etcd',
  'snapshot.save': 'etcd',
  'snapshot.remove': 'etcd',
  'snapshot.verify': 'etcd',
  'api.serves': 'controlplane',
  'snapshot.copy': 'etcd',
  'snapshot.unpack': 'etcd',
  'scratch.delete': 'etcd',
  'restore.begin': 'state',
  'restore.clean': 'state',
  'restore.finish': 'state',
  'restore.end': 'state',
  'restore.undo': 'state',
  'nodes.prune': 'sync',
  'system-pods.ready': 'sync',
  'leases.release': 'sync',
  'tokens.check': 'sync',
  'root-ca.published': 'sync',
  'workload.restart': 'addons',
  'tokens.renew': 'sync',
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
export function prefixOf({ kind, subject = '' }: StepInfo): string {
  const known = BY_KIND[kind]
  if (known !== undefined) return known
  if (kind === 'container.remove') return `remove/${subject}`
  if (kind === 'container.restart') return `restart/${subject}`
  if (kind.startsWith('container.')) {
    return subject === 'service-sidekick' ? 'sidekick' : (planeOf(subject) ?? 'worker')
  }
  if (kind.startsWith('addon.')) return BY_ADDON[subject] ?? 'addons'
  return kind.split('.')[0] ?? kind
}
