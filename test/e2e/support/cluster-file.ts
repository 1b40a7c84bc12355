import { dump } from 'js-yaml'
import type { Machine } from '../../testbed/index.ts'

/** Members of cluster.yml, in its own spelling. */
export type Fields = Readonly<Record<string, unknown>>
/** `services` of cluster.yml. */
export type Services = Readonly<Record<string, Fields>>
export type Role = 'controlplane' | 'etcd' | 'worker'

export const allRoles: readonly Role[] = ['controlplane', 'etcd', 'worker']

/** An entry of `nodes` for a machine. */
export function nodeOf(machine: Machine, role: readonly Role[], more: Fields = {}): Fields {
  return { address: machine.address, user: machine.user, ssh_key_path: machine.keyPath, role, ...more }
}

/** As the original, a kubelet waits ten seconds before it starts. Where that shows nothing, one second is enough. */
const HASTY_KUBELET: Fields = { extra_env: ['RKE_TESTBED_KUBELET_WAIT=1'] }
/** For `services.kubelet`: as slow as RKE's, with nothing that RKE does not have. */
export const ORIGINAL_KUBELET: Fields = { extra_env: [] }

/** For stories in which nobody asks for metrics: one add-on less to wait for. */
export const WITHOUT_METRICS: Fields = { monitoring: { provider: 'none' } }

/**
 * The text of a cluster.yml for nodes that are containers: the settings that need a real machine or an image
 * that cannot be built are switched off. `more` goes on top, `services` one by one.
 */
export function clusterFile(
  nodes: readonly Fields[],
  kubernetesVersion: string,
  { services, ...more }: Fields & { readonly services?: Services } = {},
): string {
  return dump({
    nodes,
    kubernetes_version: kubernetesVersion,
    network: { plugin: 'flannel' },
    ingress: { provider: 'none' },
    services: {
      ...services,
      kubelet: { ...HASTY_KUBELET, ...services?.kubelet },
      kubeproxy: { extra_args: { 'conntrack-max-per-core': '0' } },
    },
    ...more,
  })
}
