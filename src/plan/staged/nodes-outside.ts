import { nodesWithRole, type Role } from '../../role.ts'
import type { ClusterView } from '../model/cluster-view.ts'
import type { PlanScope } from '../plan-scope.ts'

/**
 * Addresses of nodes whose container may serve and would not be given what a staged change brings: they were left out, leave,
 * or lose the role with which they run it. While there are such nodes no stage may begin.
 */
export function nodesOutside(
  { wanted: { config }, seen: { machines } }: ClusterView,
  { skipped, leaving }: PlanScope,
  { role, container }: { readonly role: Role; readonly container: string },
): readonly string[] {
  const inside = nodesWithRole(config.nodes, role).map(({ address }) => address)
  return [
    ...inside.filter((address) => skipped.includes(address)),
    ...[...config.nodes, ...leaving]
      .map(({ address }) => address)
      .filter((address) => !inside.includes(address) && machines.get(address)?.containers.has(container)),
  ]
}
