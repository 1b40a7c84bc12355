import { hasRole } from '../../role.ts'
import type { ClusterState } from '../../state/cluster-state.ts'

/** Addresses of the etcd nodes of the applied configuration, and of the one that the last run began with. */
export function formerMembers({ currentState, desiredState }: ClusterState): ReadonlySet<string> {
  const known = [...(currentState.rkeConfig?.nodes ?? []), ...(desiredState.rkeConfig?.nodes ?? [])]
  return new Set(known.filter((node) => hasRole(node, 'etcd')).map(({ address }) => address))
}
