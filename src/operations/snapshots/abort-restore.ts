import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { Run } from '../../engine/run.ts'
import { planAbort } from '../../plan/snapshots/plan-abort.ts'
import { closing } from '../../session/closing.ts'
import { bootstrapped } from '../../session/connect/bootstrapped.ts'
import type { Deps, RunOptions } from '../../session/deps.ts'
import { leftOutManifests } from '../../session/prepare/left-out.ts'
import { connectForAbort } from '../../session/restore/machines-of-restore.ts'
import { prepareAbort } from '../../session/restore/prepare-abort.ts'
import { restoreWays } from '../../session/restore/restore-ways.ts'
import { savingKubeconfig } from '../../session/restore/saving-kubeconfig.ts'
import { stateToGoBackTo } from '../../session/restore/state-before.ts'
import { isToBeDone, type PlanFirst, shownSteps, startPlannedRun } from '../../session/run/planned-run.ts'
import type { Operation } from '../../session/run/redacted-run.ts'
import { failureText, runPlan } from '../../session/run/run-plan.ts'
import { holdingLeaseIfAny } from '../../session/state/lease-if-any.ts'
import { runState } from '../../session/state/run-state.ts'
import { StateSession } from '../../session/state/state-session.ts'
import type { Planned } from '../results.ts'

export interface AbortResult extends Planned {
  /** Steps that were done; none of a dry run. */
  readonly done: number
}

export interface AbortOptions extends RunOptions, PlanFirst<AbortResult> {}

type AbortOperation = Operation & { readonly options: AbortOptions }

/**
 * Goes back from a restore that is not done: puts back what etcd had before, builds that cluster again, as it was applied last,
 * and puts its state back. Can be repeated after any failure; the restore, too, can be run again instead.
 * @param given where the cluster was never applied by this state, what it is built from
 */
export function abortRestore(given: ClusterConfig, deps: Deps, options: AbortOptions = {}): Run<AbortResult> {
  return startPlannedRun('rke etcd snapshot-restore --abort', deps, options, (operation) =>
    abort(given, operation),
  )
}

async function abort(given: ClusterConfig, operation: AbortOperation): Promise<AbortResult> {
  const { deps, options, emit, hide } = operation
  const session = await StateSession.open(deps.store)
  const way = { given, ...(await stateToGoBackTo(session.state, deps.store)) }
  const connected = await connectForAbort(way, operation)
  return closing(connected, async () => {
    const ways = restoreWays(connected, operation)
    const { access, offline, target, view } = await prepareAbort(way, connected, ways, operation)
    const { plan } = planAbort(view)
    const steps = shownSteps(plan, operation)
    const result: AbortResult = { plan, steps, leftOut: (await leftOutManifests(offline)).map(hide), done: 0 }
    if (!(await isToBeDone(result, options, operation, 'the restore was not aborted'))) return result
    const saved = savingKubeconfig(runState(session, options.breakLock, deps.clock), access.bundle, deps)
    const kubeFor = bootstrapped(access.kube, undefined, deps.time)
    const context = { ...access, kubeFor, state: () => saved }
    const { done, failed } = await holdingLeaseIfAny(target.wanted.config, access.nodes, operation, () =>
      runPlan(plan, context, options, emit),
    )
    return { ...result, done, leftOut: [...result.leftOut, ...failed.map(failureText).map(hide)] }
  })
}
