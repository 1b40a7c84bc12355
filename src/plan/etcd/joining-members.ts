import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { initialCluster, type Joining } from '../../desired/services/etcd.ts'
import type { EtcdMember } from '../../etcd/etcd-api.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { hasRole } from '../../role.ts'
import type { LeavingNode } from '../plan-input.ts'

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
): ReadonlyMap<string, Joining> {
  const wiped = new Set(
    config.nodes.filter(({ address }) => observed.get(address)?.containers.size === 0).map(urlOf),
  )
  const lost = new Set(
    leaving.filter((one) => one.observed === undefined).map(({ node }) => `etcd-${node.hostnameOverride}`),
  )
  const members = all.filter(
    ({ name, peerURLs }) => !lost.has(name) && !peerURLs.some((url) => wiped.has(url)),
  )
  let known = members.map(({ name, peerURLs }) =>
    peerURLs.map((url) => `${name || 'joining'}=${url}`).join(','),
  )
  const joining = new Map<string, Joining>()
  const memberOf = (node: ClusterNode): EtcdMember | undefined =>
    members.find(({ peerURLs }) => peerURLs.includes(urlOf(node)))
  const nodes = config.nodes.filter((candidate) => hasRole(candidate, 'etcd'))
  // One that was added already goes first: etcd takes no other until it is a full member.
  const ordered = [...nodes].sort(
    (a, b) => Number(memberOf(b) !== undefined) - Number(memberOf(a) !== undefined),
  )
  for (const node of ordered) {
    const url = urlOf(node)
    const member = memberOf(node)
    // etcd learns the name of a member when it starts.
    if (member !== undefined && member.name !== '') continue
    known = [...known.filter((entry) => !entry.endsWith(`=${url}`)), initialCluster([node])]
    joining.set(node.address, { initialCluster: known.join(',') })
  }
  return joining
}

const urlOf = ({ internalAddress }: ClusterNode): string => `https://${internalAddress}:2380`
