import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { replacedName } from '../../container-names.ts'
import { type ClusterToJoin, initialCluster, joinedCluster } from '../../desired/services/etcd.ts'
import type { EtcdMember } from '../../etcd/etcd-api.ts'
import { memberAt } from '../../etcd/members/find-member.ts'
import { memberName, peerUrl } from '../../etcd/members/member-names.ts'
import type { ObservedEtcd } from '../../observe/observe-etcd.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { nodesWithRole } from '../../role.ts'
import type { LeavingNode } from '../rollout/leaving.ts'

export interface EtcdView {
  readonly config: ClusterConfig
  /** The configuration that was applied last, with the nodes that an unfinished run has added. */
  readonly applied: ClusterConfig | undefined
  /** `undefined`: no member is healthy. */
  readonly etcd: ObservedEtcd | undefined
  readonly machines: ReadonlyMap<string, ObservedNode>
  readonly leaving: readonly Pick<LeavingNode, 'node' | 'observed'>[]
}

/** The cluster that each member joins when it starts, by address; all other members have data, or begin the cluster. */
export function clustersToJoin(view: EtcdView): ReadonlyMap<string, ClusterToJoin> {
  const { config, applied, etcd, machines, leaving } = view
  return etcd === undefined
    ? joinUnansweringCluster(config, applied, machines)
    : joinKnownMembers(config, etcd.members, machines, leaving)
}

/**
 * How each etcd node starts that is no member yet, or one that never ran (an earlier run ended between the two), or
 * none any more because its machine was wiped, by address. They join in the order of cluster.yml, each knowing all
 * members of that moment: etcd refuses to start with any other list. Members of lost nodes are removed before.
 */
function joinKnownMembers(
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

/**
 * While etcd of an existing cluster does not say who its members are: one that has no data must not
 * begin a cluster of its own beside the one that there is. Members with data ignore these flags. Where every machine
 * is empty, nothing is left that could be missed.
 */
function joinUnansweringCluster(
  config: ClusterConfig,
  applied: ClusterConfig | undefined,
  observed: ReadonlyMap<string, ObservedNode>,
): ReadonlyMap<string, ClusterToJoin> {
  const members = nodesWithRole(applied?.nodes ?? [], 'etcd')
  if (members.every(({ address }) => observed.get(address)?.containers.size === 0)) return new Map()
  const joining = new Map<string, ClusterToJoin>()
  for (const node of nodesWithRole(config.nodes, 'etcd')) {
    const containers = observed.get(node.address)?.containers
    const found = containers?.get('etcd') ?? containers?.get(replacedName('etcd'))
    if (found === undefined) {
      const others = members.filter(({ address }) => address !== node.address)
      joining.set(node.address, { initialCluster: initialCluster([...others, node]) })
      continue
    }
    const joined = joinedCluster(found.flags)
    if (joined !== undefined) joining.set(node.address, joined)
  }
  return joining
}
