import type { ClusterConfig } from '../config/cluster-config.ts'
import { ConfigError } from '../errors.ts'
import type { Plan } from '../plan/plan.ts'
import { restrictPlan } from '../plan/restrict-plan.ts'
import type { RunOptions } from './deps.ts'

/** The plan for the nodes that a run is restricted to; the whole plan if it is not. */
export function forChosenNodes(
  plan: Plan,
  config: ClusterConfig,
  applied: ClusterConfig | undefined,
  { nodes, updateOnly = false }: RunOptions,
): Plan {
  if (nodes !== undefined) return restrictPlan(plan, named(config, nodes))
  // As in RKE: a cluster that was never brought up has nothing to leave alone.
  if (!updateOnly || applied === undefined) return plan
  const before = new Set(applied.nodes.map(({ address }) => address))
  const added = config.nodes.filter(({ address, role }) => !before.has(address) && role.join() === 'worker')
  return restrictPlan(plan, new Set(added.map(({ address }) => address)))
}

function named(config: ClusterConfig, addresses: readonly string[]): ReadonlySet<string> {
  const known = config.nodes.map(({ address }) => address)
  const unknown = addresses.filter((address) => !known.includes(address))
  if (unknown.length === 0) return new Set(addresses)
  throw new ConfigError(`no node of cluster.yml has the address ${unknown.join(', ')}`, {
    hint: `choose among ${known.join(', ')}`,
  })
}
