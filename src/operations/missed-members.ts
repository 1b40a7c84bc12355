import { hasRole } from '../desired/service-context.ts'
import { PlanRefusedError } from '../errors.ts'
import { quorumOf } from '../etcd/quorum.ts'
import type { Action } from '../plan/action.ts'
import { makePlan, type Plan } from '../plan/plan.ts'
import type { PlanInput } from '../plan/plan-input.ts'

/** A plan without steps that must wait, and the addresses of the nodes that they are about. */
export interface Spared {
  readonly plan: Plan
  readonly postponed: readonly string[]
}

/**
 * A member that runs may stop for its replacement only while those that can be reached are a quorum without it. Else
 * the plan is refused, or, if etcd does not answer and must be mended first, made without such replacements.
 */
export function spareMembers(plan: Plan, input: PlanInput): Spared {
  const { config, members, nodes, fresh, observed } = input
  const reached = new Set(nodes.map(({ node }) => node.address))
  const all = config.nodes.filter((node) => hasRole(node, 'etcd')).map(({ address }) => address)
  const missing = all.filter((address) => !reached.has(address))
  const left = all.length - missing.length - 1
  const needed = quorumOf(all.length)
  const runs = (address = ''): boolean => {
    const state = observed.get(address)?.containers.get('etcd')?.State
    return state?.Running === true && !state.Restarting
  }
  const stopping = plan.actions.filter((action) => stopsEtcd(action) && runs(action.node))
  if (fresh || missing.length === 0 || left >= needed || stopping.length === 0) {
    return { plan, postponed: [] }
  }
  const postponed = stopping.flatMap(({ node }) => node ?? [])
  if (members === undefined) {
    const kept = plan.actions.filter((action) => !stopping.includes(action))
    return { plan: makePlan(kept, plan.windows), postponed }
  }
  throw new PlanRefusedError(
    `etcd on ${postponed.join(', ')} must be replaced or restarted, but ${missing.join(', ')} cannot be reached: ` +
      `of ${all.length} members ${left} would be left meanwhile, and ${needed} are needed`,
    {
      step: 'plan',
      hint: 'nothing was changed; bring the missing nodes back, or take them out of cluster.yml first',
    },
  )
}

function stopsEtcd(action: Action): boolean {
  return (
    (action.kind === 'container.replace' && action.container.name === 'etcd') ||
    (action.kind === 'container.restart' && action.name === 'etcd')
  )
}
