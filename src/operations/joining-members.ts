import type { ClusterConfig } from '../config/cluster-config.ts'
import { hasRole } from '../desired/service-context.ts'
import { initialCluster, type Joining } from '../desired/services/etcd.ts'
import type { EtcdMember } from '../etcd/etcd-api.ts'

/**
 * How each etcd node starts that is no member yet, by address. They join in the order of cluster.yml, each
 * knowing all members of that moment: etcd refuses to start with any other list.
 */
export function joiningMembers(
  config: ClusterConfig,
  members: readonly EtcdMember[],
): ReadonlyMap<string, Joining> {
  const peerUrls = new Set(members.flatMap(({ peerURLs }) => peerURLs))
  let known = members.map(({ name, peerURLs }) =>
    peerURLs.map((url) => `${name || 'joining'}=${url}`).join(','),
  )
  const joining = new Map<string, Joining>()
  for (const node of config.nodes.filter((candidate) => hasRole(candidate, 'etcd'))) {
    if (peerUrls.has(`https://${node.internalAddress}:2380`)) continue
    known = [...known, initialCluster([node])]
    joining.set(node.address, { initialCluster: known.join(',') })
  }
  return joining
}
