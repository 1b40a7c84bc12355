import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { UpResult } from '../../operations/results.ts'
import { makePlan } from '../../plan/model/plan.ts'
import { planEnd } from '../../plan/snapshots/plan-end.ts'
import { emptyState, type Restoring } from '../../state/cluster-state.ts'
import { closing } from '../closing.ts'
import { machineAccess } from '../connect/machine-access.ts'
import { observeNodes } from '../prepare/observe-parts.ts'
import { isToBeDone, type PlanFirst, shownSteps } from '../run/planned-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import { runPlan } from '../run/run-plan.ts'
import { runState } from '../state/run-state.ts'
import type { StateSession } from '../state/state-session.ts'
import { connectMachines } from './machines-of-restore.ts'
import { keptState } from './state-before.ts'

/**
 * Ends a restore whose cluster works: deletes what was set aside, wherever that can be reached, and the note in the state. It needs
 * neither the snapshot nor the cluster.
 */
export async function endRestore(
  config: ClusterConfig,
  restoring: Restoring,
  session: StateSession,
  operation: Operation & { readonly options: PlanFirst<UpResult> },
): Promise<UpResult> {
  const { deps, emit } = operation
  // Where nothing of this restore was set aside nothing is done.
  const options = { ...operation.options, skipUnreachable: true, cleanFormerNodes: true }
  const before = (await keptState(restoring, deps.store, emit)) ?? emptyState
  const { connected, formerMembers: known } = await connectMachines(config, before, { ...operation, options })
  const formerMembers = new Set([...known, ...(restoring.formerMembers ?? [])])
  return closing(connected, async ({ nodes }) => {
    const { kubernetes, alpine } = config.systemImages
    const machines = await observeNodes(nodes, () => [kubernetes, alpine])
    const plan = makePlan(planEnd({ config, machines, formerMembers, startedAt: restoring.startedAt }))
    const result = { plan, steps: shownSteps(plan, operation), leftOut: [], done: 0 }
    if (!(await isToBeDone(result, operation.options, operation, 'the restore was not ended'))) return result
    const state = runState(session, options.breakLock, deps.clock)
    const access = machineAccess(nodes, { bundle: {}, config, ecrLogin: deps.ecrLogin, time: deps.time })
    const { done } = await runPlan(plan, { ...access, state: () => state }, options, emit)
    return { ...result, done }
  })
}
