/** Loopback addresses, one a node: `127.1.0.1` and on. */
export function loopbackAddress(index: number): string {
  return `127.1.${Math.floor(index / 250)}.${(index % 250) + 1}`
}

const CONTROL_PLANE = 3

/** A cluster file of this many nodes on loopback: three control plane and etcd nodes, the others workers. */
export function clusterOf(count: number, ssh: { readonly port: number; readonly keyPath: string }): string {
  const nodes = Array.from({ length: count }, (_, index) => {
    const role = index < CONTROL_PLANE ? '[controlplane, etcd]' : '[worker]'
    return `- {address: ${loopbackAddress(index)}, port: ${ssh.port}, user: root, role: ${role}}`
  })
  return `nodes:
${nodes.join('\n')}
ssh_key_path: ${ssh.keyPath}
kubernetes_version: v1.30.4-rancher1-1
network: {plugin: flannel}
ingress: {provider: none}
`
}
