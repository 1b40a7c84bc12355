import { API_SERVER_PORT, KUBELET_PORT } from '../config/kubernetes/ports.ts'
import { CLIENT_PORT, PEER_PORT } from '../etcd/members/member-names.ts'
import { hasRole, nodesWithRole, type Role } from '../role.ts'
import type { PortsCheck, Route } from './action/checks.ts'
import { ids } from './model/ids.ts'
import type { PlanBasis } from './model/plan-basis.ts'

/** Who must reach whom: the connections that a cluster lives by. */
const CONNECTIONS: readonly { readonly from: Role; readonly to: Role; readonly ports: readonly number[] }[] =
  [
    { from: 'etcd', to: 'etcd', ports: [CLIENT_PORT, PEER_PORT] },
    { from: 'controlplane', to: 'etcd', ports: [CLIENT_PORT] },
    { from: 'controlplane', to: 'worker', ports: [KUBELET_PORT] },
    { from: 'worker', to: 'controlplane', ports: [API_SERVER_PORT] },
  ]

const LISTENS: readonly { readonly role: Role; readonly ports: readonly number[] }[] = [
  { role: 'etcd', ports: [CLIENT_PORT, PEER_PORT] },
  { role: 'controlplane', ports: [API_SERVER_PORT] },
  { role: 'worker', ports: [KUBELET_PORT] },
]

/** A check of the ways between nodes, if any node is new; what runs already proves its own ways. */
export function planPorts(basis: PlanBasis): readonly PortsCheck[] {
  if (basis.options.checkPorts === false) return []
  const isNew = (address: string): boolean => (basis.seen.machines.get(address)?.containers.size ?? 0) === 0
  const fresh = basis.nodes.filter(({ node }) => isNew(node.address)).map(({ node }) => node)
  if (fresh.length === 0) return []
  const all = basis.nodes.map(({ node }) => node)
  const routes = CONNECTIONS.flatMap(({ from, to, ports }) =>
    nodesWithRole(all, from).flatMap((source) =>
      all
        .filter((node) => hasRole(node, to) && node.address !== source.address)
        .filter((target) => fresh.includes(source) || fresh.includes(target))
        .flatMap((target) =>
          ports.map((port): Route => ({ from: source.address, host: target.internalAddress, port })),
        ),
    ),
  )
  const free = fresh.flatMap((node) =>
    LISTENS.filter(({ role }) => hasRole(node, role)).flatMap(({ ports }) =>
      ports.map((port): Route => ({ from: node.address, host: node.internalAddress, port })),
    ),
  )
  return [
    {
      kind: 'ports.check',
      id: ids.ports,
      because: [{ kind: 'new-nodes', nodes: fresh.map((node) => node.address) }],
      after: [],
      routes,
      free,
    },
  ]
}
