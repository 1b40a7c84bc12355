import type { ClusterConfig } from '../../config/cluster-config.ts'
import { replacedName } from '../../container-names.ts'
import { type ClusterToJoin, initialCluster } from '../../desired/services/etcd.ts'
import type { ContainerInspect } from '../../node/docker/docker-types.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { hasRole } from '../../role.ts'

const STATE = '--initial-cluster-state=existing'
const CLUSTER = '--initial-cluster='

/**
 * How members start while etcd of a living cluster does not say who they are, by address: one that has no data must not
 * begin a cluster of its own beside the one that there is. Whoever has data does not look at this. Where every machine
 * is empty, nothing is left that could be missed.
 */
export function unansweredMembers(
  config: ClusterConfig,
  applied: ClusterConfig | undefined,
  observed: ReadonlyMap<string, ObservedNode>,
): ReadonlyMap<string, ClusterToJoin> {
  const members = (applied?.nodes ?? []).filter((node) => hasRole(node, 'etcd'))
  if (members.every(({ address }) => observed.get(address)?.containers.size === 0)) return new Map()
  const joining = new Map<string, ClusterToJoin>()
  for (const node of config.nodes.filter((candidate) => hasRole(candidate, 'etcd'))) {
    const containers = observed.get(node.address)?.containers
    const found = containers?.get('etcd') ?? containers?.get(replacedName('etcd'))
    if (found === undefined) {
      const others = members.filter(({ address }) => address !== node.address)
      joining.set(node.address, { initialCluster: initialCluster([...others, node]) })
    } else if (argumentsOf(found).includes(STATE)) {
      const told = argumentsOf(found).find((argument) => argument.startsWith(CLUSTER))
      joining.set(node.address, { initialCluster: told?.slice(CLUSTER.length) ?? '' })
    }
  }
  return joining
}

const argumentsOf = ({ Config }: ContainerInspect): readonly string[] => Config.Cmd ?? []
