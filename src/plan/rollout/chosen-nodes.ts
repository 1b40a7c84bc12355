import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { ConfigError } from '../../errors.ts'
import { appliedConfig, type ClusterView } from '../model/cluster-view.ts'
import type { Plan } from '../model/plan.ts'
import { restrictPlan } from '../model/restrict-plan.ts'

/** The plan for the nodes that a run is restricted to; the whole plan if it is not. */
export function forChosenNodes(plan: Plan, view: ClusterView): Plan {
  const { config } = view.wanted
  const applied = appliedConfig(view)
  const { nodes, updateOnly = false } = view.options
  // As in RKE: a cluster that was never brought up has nothing to leave alone.
  if (nodes === undefined && (!updateOnly || applied === undefined)) return plan
  const named = nodes === undefined ? undefined : chosenAddresses(config, applied, nodes)
  const chosen =
    updateOnly && applied !== undefined ? newWorkers(config, applied, named) : (named ?? new Set())
  return restrictPlan(plan, chosen, { strict: !mayGoAlone(plan, config, applied, chosen) })
}

function newWorkers(
  config: ClusterConfig,
  applied: ClusterConfig,
  named: ReadonlySet<string> | undefined,
): ReadonlySet<string> {
  const before = new Set(applied.nodes.map(({ address }) => address))
  const added = config.nodes.filter(({ address, role }) => !before.has(address) && role.join() === 'worker')
  return new Set(added.map(({ address }) => address).filter((address) => named?.has(address) ?? true))
}

/**
 * Whether the order of nodes is only for the sake of few changes at a time: while versions, roles and etcd's members
 * stay as they are, nodes with the old and the new configuration serve together, as in the middle of any run.
 */
function mayGoAlone(
  plan: Plan,
  config: ClusterConfig,
  applied: ClusterConfig | undefined,
  chosen: ReadonlySet<string>,
): boolean {
  if (applied === undefined || applied.kubernetesVersion !== config.kubernetesVersion) return false
  if (plan.actions.some(({ kind }) => kind.startsWith('etcd.member.'))) return false
  const roles = (list: readonly ClusterNode[], wanted: string): string | undefined =>
    list
      .find(({ address }) => address === wanted)
      ?.role.toSorted()
      .join()
  return [...chosen].every((address) => {
    const after = roles(config.nodes, address) ?? 'worker'
    return (roles(applied.nodes, address) ?? 'worker') === after
  })
}

/**
 * The given addresses, each once.
 * @throws ConfigError if one of them is no node's, neither now nor as the cluster was applied.
 */
export function chosenAddresses(
  config: ClusterConfig,
  applied: ClusterConfig | undefined,
  addresses: readonly string[],
): ReadonlySet<string> {
  const known = config.nodes.map(({ address }) => address)
  // Nodes that leave are not in cluster.yml any more.
  const before = (applied?.nodes ?? []).map(({ address }) => address)
  const unknown = addresses.filter((address) => !known.includes(address) && !before.includes(address))
  if (unknown.length === 0) return new Set(addresses)
  throw new ConfigError(
    `no node of cluster.yml has the address ${unknown.map((one) => one || '""').join(', ')}`,
    {
      hint: `choose among ${known.join(', ')}`,
    },
  )
}
