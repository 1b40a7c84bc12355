import { dump } from 'js-yaml'
import type { Machine } from '../../testbed/index.ts'

/** Members of cluster.yml, in its own spelling. */
export type Fields = Readonly<Record<string, unknown>>
export type Role = 'controlplane' | 'etcd' | 'worker'

export const allRoles: readonly Role[] = ['controlplane', 'etcd', 'worker']

/** An entry of `nodes` for a machine. */
export function nodeOf(machine: Machine, role: readonly Role[], more: Fields = {}): Fields {
  return { address: machine.address, user: machine.user, ssh_key_path: machine.keyPath, role, ...more }
}

/**
 * The text of a cluster.yml for nodes that are containers: the settings that need a real machine or an image
 * that cannot be built are switched off. `more` goes on top.
 */
export function clusterFile(nodes: readonly Fields[], kubernetesVersion: string, more: Fields = {}): string {
  return dump({
    nodes,
    kubernetes_version: kubernetesVersion,
    network: { plugin: 'flannel' },
    ingress: { provider: 'none' },
    services: { kubeproxy: { extra_args: { 'conntrack-max-per-core': '0' } } },
    ...more,
  })
}
