import type { ClusterNode } from '../config/cluster-config.ts'
import { formerMembers } from './etcd/former-members.ts'
import { type Postponed, postponedChanges } from './etcd/postponed.ts'
import { appliedConfig, type ClusterView } from './model/cluster-view.ts'
import { heldWorkers } from './rollout/held-workers.ts'

/** Which nodes a run changes, and which it leaves as they are for now. */
export interface PlanScope {
  readonly postponed: Postponed
  /** Nodes that leave only when new workers, which are left out of this run, can take their pods. */
  readonly held: readonly ClusterNode[]
  /** Addresses of nodes of cluster.yml for which nothing is planned. */
  readonly skipped: readonly string[]
  /** Nodes that leave in this run. */
  readonly leaving: readonly ClusterNode[]
  /** Nodes that leave in a later one. */
  readonly remaining: readonly ClusterNode[]
}

/** Which nodes can have their turn, as far as machines and etcd answer. Pure. */
export function planScope(view: ClusterView): PlanScope {
  const { wanted, known, seen } = view
  const postponed = postponedChanges(
    wanted.config,
    appliedConfig(view),
    seen.machines,
    known.leaving,
    seen.etcd,
    formerMembers(known.state),
  )
  const held = heldWorkers(view)
  const remaining = [...postponed.leaving, ...held]
  return {
    postponed,
    held,
    skipped: [...seen.unreachable, ...postponed.nodes],
    leaving: known.leaving.filter((node) => !remaining.includes(node)),
    remaining,
  }
}
