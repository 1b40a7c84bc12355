import type { Emit } from '../engine/events.ts'
import { PlanRefusedError } from '../errors.ts'
import {
  checkDockerVersions,
  refuseNewAuthority,
  refusePluginChange,
  refuseSkipping,
} from './checks/guards.ts'
import { refuseAbsentAddons } from './checks/left-addons.ts'
import { refuseLostPolicies } from './checks/lost-policies.ts'
import { warnOfSetAside } from './checks/set-aside.ts'
import { deriveBasis } from './derive-basis.ts'
import { planKeyRotation } from './encryption/plan-key-rotation.ts'
import { refuseQuorumLoss } from './etcd/member-guards.ts'
import { guardQuorum } from './etcd/quorum-guard.ts'
import { appliedConfig, type ClusterView, type MachinesView } from './model/cluster-view.ts'
import type { Plan } from './model/plan.ts'
import type { PlanBasis } from './model/plan-basis.ts'
import { planCluster } from './plan-cluster.ts'
import { planScope } from './plan-scope.ts'
import { forChosenNodes } from './rollout/chosen-nodes.ts'

export interface Decision {
  readonly plan: Plan
  /** What it follows from. */
  readonly basis: PlanBasis
  /** Addresses of nodes that must wait for the next run, because etcd does not answer. */
  readonly postponed: readonly string[]
}

/** Refuses what can be refused before etcd and Kubernetes are asked. Pure but for the warnings it emits. */
export function checkMachines(view: MachinesView, emit: Emit): void {
  const { wanted, known, seen, options } = view
  refuseNewAuthority(known.hasState, seen.machines)
  refuseSkipping(wanted.config, appliedConfig(view), seen.unreachable)
  warnOfSetAside(seen.machines, emit)
  if (!options.ignoreDockerVersion) checkDockerVersions(wanted.config, wanted.catalog, seen.machines, emit)
}

/** What is to be done, or a refusal. Pure. */
export function decide(view: ClusterView): Decision {
  const { wanted, seen } = view
  const scope = planScope(view)
  if (wanted.onlyEncryption) {
    const basis = deriveBasis(view, scope)
    return { plan: planKeyRotation(basis), basis, postponed: [] }
  }
  refuseQuorumLoss(wanted.config, scope.leaving, seen.etcd, new Set(seen.machines.keys()))
  refusePluginChange(wanted.config, seen.kube, appliedConfig(view))
  refuseAbsentAddons(wanted.config, wanted.addons, seen.kube)
  refuseLostPolicies(wanted.config, seen.kube, view.options)
  const basis = deriveBasis(view, scope)
  const guarded = guardQuorum(forChosenNodes(planCluster(basis), view), basis)
  const postponed = [
    ...scope.postponed.nodes,
    ...scope.postponed.leaving.map(({ address }) => address),
    ...guarded.postponed,
  ]
  refuseIdleWait(guarded.plan, postponed)
  return { plan: guarded.plan, basis, postponed }
}

/** Where nothing is left that could be repaired first, waiting for etcd helps nobody. */
function refuseIdleWait({ actions }: Plan, waiting: readonly string[]): void {
  if (waiting.length === 0 || actions.length > 0) return
  throw new PlanRefusedError(
    `no etcd member that stays is healthy, and etcd on ${waiting.join(', ')} is to be changed`,
    {
      step: 'plan',
      untouched: true,
      hint: 'repair etcd first (docker logs etcd on its nodes), or leave a healthy member in cluster.yml',
    },
  )
}
