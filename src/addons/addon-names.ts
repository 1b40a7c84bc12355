/** Everything this program installs inside Kubernetes. One network plugin, and one DNS provider, at a time. */
export type AddonId =
  | 'network'
  | 'coredns'
  | 'kube-dns'
  | 'nodelocal'
  | 'metrics-server'
  | 'ingress'
  | 'user-addons'
  | 'user-addons-include'

/**
 * An addon's name in the cluster: its ConfigMap, the ConfigMap's only key, and the stem of its Jobs' names.
 * RKE 1 finds installed addons by these names, so they never change.
 */
export const ADDON_NAMES = {
  network: 'rke-network-plugin',
  coredns: 'rke-coredns-addon',
  'kube-dns': 'rke-kube-dns-addon',
  nodelocal: 'rke-nodelocal-addon',
  'metrics-server': 'rke-metrics-addon',
  ingress: 'rke-ingress-controller',
  'user-addons': 'rke-user-addon',
  'user-addons-include': 'rke-user-includes-addons',
} as const satisfies Record<AddonId, string>

/** The value of cluster.yml that asks for an addon, in the state file's spelling. */
export const ADDON_KEYS: Readonly<Record<AddonId, readonly string[]>> = {
  network: ['network', 'plugin'],
  coredns: ['dns', 'provider'],
  'kube-dns': ['dns', 'provider'],
  nodelocal: ['dns', 'nodelocal'],
  'metrics-server': ['monitoring', 'provider'],
  ingress: ['ingress', 'provider'],
  'user-addons': ['addons'],
  'user-addons-include': ['addonsInclude'],
}

const OFF: Readonly<Partial<Record<AddonId, string>>> = {
  network: 'network.plugin: none',
  coredns: 'dns.provider: none',
  'kube-dns': 'dns.provider: none',
  'metrics-server': 'monitoring.provider: none',
  ingress: 'ingress.provider: none',
}

/** How cluster.yml does without an addon. */
export const switchedOff = (addon: AddonId): string => OFF[addon] ?? `no ${ADDON_KEYS[addon].join('.')}`

export type AddonName = (typeof ADDON_NAMES)[AddonId]

/** Where all addon ConfigMaps, Jobs and the Jobs' service account are. */
export const ADDON_NAMESPACE = 'kube-system'

/** The service account of addon Jobs; it is cluster-admin. */
export const JOB_DEPLOYER = 'rke-job-deployer'

export function deployJobName(name: string): string {
  return `${name}-deploy-job`
}

export function deleteJobName(name: string): string {
  return `${name}-delete-job`
}
