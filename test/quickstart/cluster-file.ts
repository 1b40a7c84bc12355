import type { Machine } from '../testbed/index.ts'

/** The Kubernetes version of the quickstart. */
export const kubernetesVersion = 'v1.31.1-rancher1-1'

/** A cluster file as somebody would write it who begins: one control plane, two workers. */
export function clusterFile(machines: readonly Machine[]): string {
  const nodes = machines.map(
    ({ address, user, name }, index) => `  - address: ${address}
    user: ${user}
    hostname_override: ${name}
    role: ${index === 0 ? '[controlplane, etcd]' : '[worker]'}`,
  )
  return `ssh_key_path: ${machines[0]?.keyPath}
kubernetes_version: ${kubernetesVersion}
nodes:
${nodes.join('\n')}
network:
  plugin: flannel
ingress:
  provider: none
services:
  kubeproxy:
    extra_args:
      conntrack-max-per-core: "0" # these machines are containers, which may not set it
`
}
