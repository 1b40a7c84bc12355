import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { type ClusterToJoin, initialCluster } from '../../desired/services/etcd.ts'
import type { EtcdMember } from '../../etcd/etcd-api.ts'
import { memberAt } from '../../etcd/members/find-member.ts'
import { memberName, peerUrl } from '../../etcd/members/member-names.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { nodesWithRole } from '../../role.ts'
import type { LeavingNode } from '../rollout/leaving.ts'

/**
 * How each etcd node starts that is no member yet, or one that never ran (an earlier run ended between the two), or
 * none any more because its machine was wiped, by address. They join in the order of cluster.yml, each knowing all
 * members of that moment: etcd refuses to start with any other list. Members of lost nodes are removed before.
 */
export function joiningMembers(
  config: ClusterConfig,
  all: readonly EtcdMember[],
  observed: ReadonlyMap<string, ObservedNode>,
  leaving: readonly Pick<LeavingNode, 'node' | 'observed'>[],
): ReadonlyMap<string, ClusterToJoin> {
  const wiped = new Set(
    config.nodes
      .filter(({ address }) => observed.get(address)?.containers.size === 0)
      .map(({ internalAddress }) => peerUrl(internalAddress)),
  )
  const lost = new Set(
    leaving.filter((one) => one.observed === undefined).map(({ node }) => memberName(node)),
  )
  const members = all.filter(
    ({ name, peerURLs }) => !lost.has(name) && !peerURLs.some((url) => wiped.has(url)),
  )
  let known = members.map(({ name, peerURLs }) =>
    peerURLs.map((url) => `${name || 'joining'}=${url}`).join(','),
  )
  const joining = new Map<string, ClusterToJoin>()
  const memberOf = (node: ClusterNode): EtcdMember | undefined => memberAt(members, node.internalAddress)
  const nodes = nodesWithRole(config.nodes, 'etcd')
  // One that was added already goes first: etcd takes no other until it is a full member.
  const ordered = [...nodes].sort(
    (a, b) => Number(memberOf(b) !== undefined) - Number(memberOf(a) !== undefined),
  )
  for (const node of ordered) {
    const url = peerUrl(node.internalAddress)
    const member = memberOf(node)
    // etcd learns the name of a member when it starts.
    if (member !== undefined && member.name !== '') continue
    known = [...known.filter((entry) => !entry.endsWith(`=${url}`)), initialCluster([node])]
    joining.set(node.address, { initialCluster: known.join(',') })
  }
  return joining
}
