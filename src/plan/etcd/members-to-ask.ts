import type { ClusterNode } from '../../config/cluster-config.ts'
import { memberAt } from '../../etcd/members/find-member.ts'
import { hasVote } from '../../etcd/members/quorum.ts'
import { hasRole } from '../../role.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { runsSteadily } from '../model/runs.ts'

/** Addresses of nodes whose members can be asked: those that stay, in the order of cluster.yml, then those that go. */
export function membersToAsk(basis: PlanBasis): readonly string[] {
  const {
    nodes,
    seen: { etcd, machines },
  } = basis
  const staying = nodes
    .filter(({ node }) => hasRole(node, 'etcd') && (machines.get(node.address)?.containers.size ?? 0) > 0)
    .filter(({ node }) => hasVote(memberAt(etcd?.members, node.internalAddress)))
    .map(({ node }) => node.address)
  const going = goingMembers(basis).map(({ address }) => address)
  return [...staying, ...going.filter((address) => runsEtcd(basis, address))]
}

/** Nodes that shall have no member: those that leave, whatever an unfinished run made of them, and those without the role. */
export function nodesWithoutMember({ leaving, nodes }: PlanBasis): readonly ClusterNode[] {
  return [
    ...leaving.map(({ node }) => node),
    ...nodes.map(({ node }) => node).filter((node) => !hasRole(node, 'etcd')),
  ]
}

/** Those of them that can be reached: until their members are gone they count for the quorum. */
function goingMembers(basis: PlanBasis): readonly ClusterNode[] {
  return nodesWithoutMember(basis).filter(({ address }) => basis.seen.machines.has(address))
}

/** Whether a node's etcd runs, and not only tries to; and is healthy, where another one is. */
export function runsEtcd({ seen: { machines, etcd } }: PlanBasis, address: string): boolean {
  return runsSteadily(machines.get(address), 'etcd') && etcd?.healthy.includes(address) !== false
}
