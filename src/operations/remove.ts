import type { ClusterConfig } from '../config/cluster-config.ts'
import type { Run } from '../engine/run.ts'
import { planRemoval } from '../plan/plan-removal.ts'
import { closing } from '../session/closing.ts'
import { accessParts, connectNodes, reachOf } from '../session/connect/connect-nodes.ts'
import { machineAccess } from '../session/connect/machine-access.ts'
import type { Deps, RunOptions } from '../session/deps.ts'
import { observeNodes } from '../session/prepare/observe-parts.ts'
import { startRedactedRun } from '../session/run/redacted-run.ts'
import { runPlan } from '../session/run/run-plan.ts'
import { exclusively } from '../session/state/exclusively.ts'
import { holdingLeaseIfAny } from '../session/state/lease-if-any.ts'
import type { RemoveResult } from './results.ts'

export interface RemoveOptions extends RunOptions {
  /** Delete the etcd snapshots on the nodes, too. Default: false. */
  readonly snapshots?: boolean
}

/**
 * Removes the cluster from all nodes of `given` and then deletes its state. Needs no state, so that it also cleans up
 * after an unfinished `up`; can be repeated. If a node cannot be reached, or another run is changing the cluster,
 * nothing is done.
 */
export function remove(given: ClusterConfig, deps: Deps, options: RemoveOptions = {}): Run<RemoveResult> {
  return startRedactedRun(deps, options, async (scope) => {
    const operation = { ...scope, deps, options }
    const config = await scope.fill(given, accessParts)
    return exclusively(deps.store, 'rke remove', options.signal, async () => {
      const reach = reachOf(options, deps, false)
      const connected = await connectNodes(config, config.nodes, deps.transports, scope.emit, reach)
      await closing(connected, ({ nodes }) =>
        holdingLeaseIfAny(config, nodes, operation, async () => {
          const { kubernetes, alpine } = config.systemImages
          const machines = await observeNodes(nodes, () => [kubernetes, alpine])
          const plan = planRemoval(config, machines, { snapshots: options.snapshots ?? false })
          const access = machineAccess(nodes, {
            bundle: {},
            config,
            ecrLogin: deps.ecrLogin,
            time: deps.time,
          })
          await runPlan(plan, access, options, scope.emit)
        }),
      )
      await deps.store.remove()
      return { cleaned: config.nodes.map(({ address }) => address) }
    })
  })
}
