import { read } from '../fixture.ts'

const REST = `
kubernetes_version: v1.30.4-rancher1-1
network: {plugin: flannel}
ingress: {provider: none}
`

const node = (last: number, roles: string): string =>
  `- {address: 10.66.0.${last}, user: root, role: [${roles}]}`

/** Nodes by the last part of their addresses, with their roles. */
export function cluster(nodes: Readonly<Record<number, string>>): string {
  return `nodes:\n${Object.entries(nodes)
    .map(([last, roles]) => node(Number(last), roles))
    .join('\n')}${REST}`
}

/** Cluster files that tests bring up. */
export const ONE_NODE = `nodes:\n${node(11, 'controlplane, etcd, worker')}${REST}`
export const TWO_NODES = `nodes:\n${node(11, 'controlplane, etcd')}\n${node(12, 'worker')}${REST}`
export const MIXED_ROLES = read('cluster.yml')
export const ALL_ROLES = `nodes:\n${[11, 12, 13].map((last) => node(last, 'controlplane, etcd, worker')).join('\n')}${REST}`
