import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { PlanRefusedError } from '../../errors.ts'
import { memberAt } from '../../etcd/members/find-member.ts'
import { hasVote, quorumOf } from '../../etcd/members/quorum.ts'
import { hasRole } from '../../role.ts'
import type { Action } from '../action.ts'
import { appliedConfig, isNewCluster } from '../model/cluster-view.ts'
import { ids } from '../model/ids.ts'
import { makePlan, type Plan } from '../model/plan.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { stopsService } from '../model/service-of.ts'
import { runsEtcd } from './members-to-ask.ts'

/** A plan without steps that must wait, and the addresses of the nodes that they are about. */
export interface GuardedPlan {
  readonly plan: Plan
  readonly postponed: readonly string[]
}

/**
 * A running member may be stopped for its replacement only while the other reachable members are a quorum. Otherwise
 * the plan is refused, or, if etcd does not answer and must be repaired first, made without such replacements, or
 * with one of them if nothing else can repair it. Members that are to be removed but stay in this plan, because etcd
 * or their node does not answer, count as before.
 */
export function guardQuorum(plan: Plan, basis: PlanBasis): GuardedPlan {
  const {
    wanted: { config },
    seen: { etcd },
    nodes,
  } = basis
  const reached = new Set(nodes.map(({ node }) => node.address))
  const staying = etcdNodes(config).map(({ address }) => address)
  const removed = new Set(plan.actions.filter(({ kind }) => kind === 'etcd.member.remove').map(nodeOf))
  const isMember = ({ internalAddress }: ClusterNode): boolean =>
    etcd === undefined || hasVote(memberAt(etcd.members, internalAddress))
  const going = etcdNodes(appliedConfig(basis))
    .filter((node) => isMember(node) && !removed.has(node.address))
    .map(({ address }) => address)
    .filter((address) => !staying.includes(address))
  const all = [...staying, ...going]
  const missing = [
    ...staying.filter((address) => !reached.has(address)),
    // Nothing starts them.
    ...going.filter((address) => !runsEtcd(basis, address)),
  ]
  const left = all.length - missing.length - 1
  const needed = quorumOf(all.length)
  const stopping = plan.actions.filter(
    (action) => stopsService(action, 'etcd') && action.node !== undefined && runsEtcd(basis, action.node),
  )
  if (isNewCluster(basis) || missing.length === 0 || left >= needed || stopping.length === 0) {
    return { plan, postponed: [] }
  }
  if (etcd === undefined) {
    // Replacing one of these may repair it, if nothing else does.
    const isRepaired = plan.actions.some((action) => startsEtcd(action) && !stopping.includes(action))
    const later = isRepaired ? stopping : stopping.slice(1)
    const prepared = new Set(
      nodesOf(later).flatMap((node) => [ids.etcdAccess(node), ids.etcdPermissions(node)]),
    )
    const kept = plan.actions.filter((action) => !later.includes(action) && !prepared.has(action.id))
    return { plan: makePlan(kept, plan.windows), postponed: nodesOf(later) }
  }
  throw new PlanRefusedError(
    `etcd on ${nodesOf(stopping).join(', ')} must be replaced or restarted, but ${missing.join(', ')} cannot be reached: ` +
      `of ${all.length} members ${left} would be left meanwhile, and ${needed} are needed`,
    {
      step: 'plan',
      untouched: true,
      hint: 'bring the missing nodes back, or take them out of cluster.yml first',
    },
  )
}

function etcdNodes(config: ClusterConfig | undefined): readonly ClusterNode[] {
  return (config?.nodes ?? []).filter((node) => hasRole(node, 'etcd'))
}

const nodeOf = ({ node }: Action): string | undefined => node

const nodesOf = (actions: readonly Action[]): readonly string[] => actions.flatMap(({ node }) => node ?? [])

function startsEtcd(action: Action): boolean {
  const isStart = action.kind === 'container.create' || action.kind === 'container.start'
  return isStart ? action.container.name === 'etcd' : stopsService(action, 'etcd')
}
