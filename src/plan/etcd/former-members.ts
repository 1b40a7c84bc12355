import { nodesWithRole } from '../../role.ts'
import type { ClusterState } from '../../state/cluster-state.ts'

/** Addresses of the etcd nodes of the applied configuration, and of the one that the last run began with. */
export function formerMembers({ currentState, desiredState }: ClusterState): ReadonlySet<string> {
  const known = [...(currentState.rkeConfig?.nodes ?? []), ...(desiredState.rkeConfig?.nodes ?? [])]
  return new Set(nodesWithRole(known, 'etcd').map(({ address }) => address))
}
