import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { Run } from '../../engine/run.ts'
import { ConnectionError } from '../../errors.ts'
import { rotationWarnings } from '../../plan/checks/rotation-warnings.ts'
import { warnOfDecision } from '../../plan/checks/warnings.ts'
import type { Decision } from '../../plan/decide.ts'
import { planRestore } from '../../plan/snapshots/plan-restore.ts'
import { refuseExternalEtcd } from '../../plan/snapshots/restore-guards.ts'
import type { RestoreView } from '../../plan/snapshots/restore-view.ts'
import { nodesWithRole } from '../../role.ts'
import { closing } from '../../session/closing.ts'
import { bootstrapped } from '../../session/connect/bootstrapped.ts'
import type { Deps } from '../../session/deps.ts'
import { leftOutManifests } from '../../session/prepare/left-out.ts'
import { clearScratch } from '../../session/restore/clear-scratch.ts'
import { endRestore } from '../../session/restore/end-restore.ts'
import { connectMachines } from '../../session/restore/machines-of-restore.ts'
import type { PreparedAgain } from '../../session/restore/prepare-again.ts'
import { prepareRestore } from '../../session/restore/prepare-restore.ts'
import type {
  RestoreOptions as RestoreChoices,
  RestoreSummary,
} from '../../session/restore/restore-options.ts'
import { restoreWays } from '../../session/restore/restore-ways.ts'
import { savingKubeconfig } from '../../session/restore/saving-kubeconfig.ts'
import { stateBeforeRestore } from '../../session/restore/state-before.ts'
import { isToBeDone, type PlanFirst, shownSteps, startPlannedRun } from '../../session/run/planned-run.ts'
import type { Operation } from '../../session/run/redacted-run.ts'
import { failureText, runPlan } from '../../session/run/run-plan.ts'
import { holdingLeaseIfAny } from '../../session/state/lease-if-any.ts'
import { runState } from '../../session/state/run-state.ts'
import { StateSession } from '../../session/state/state-session.ts'
import { snapshotName } from '../../snapshots/snapshot-name.ts'
import { systemClock } from '../../time.ts'
import type { Planned } from '../results.ts'

export interface RestoreResult extends Planned {
  /** Steps that were done; none of a dry run. */
  readonly done: number
  /** Absent where the restored cluster worked already, and only the end of the restore was left. */
  readonly restored?: RestoreSummary
}

export interface RestoreOptions extends RestoreChoices, PlanFirst<RestoreResult> {}

type RestoreOperation = Operation & { readonly options: RestoreOptions }

/**
 * Restores a snapshot of etcd on the machines of cluster.yml, and builds the cluster of cluster.yml on it. Before anything is
 * stopped the snapshot is found, verified and on all etcd nodes. What etcd had before is set aside until the restored cluster
 * works (`abortRestore` puts it back). Can be repeated after any failure.
 */
export function restoreSnapshot(
  given: ClusterConfig,
  deps: Deps,
  options: RestoreOptions,
): Run<RestoreResult> {
  return startPlannedRun('rke etcd snapshot-restore', deps, options, (operation) => restore(given, operation))
}

async function restore(given: ClusterConfig, operation: RestoreOperation): Promise<RestoreResult> {
  const { deps, options, emit, hide } = operation
  refuseExternalEtcd(given)
  const session = await StateSession.open(deps.store)
  const { restoring, notRestored } = session.state
  const now = (deps.clock ?? systemClock)()
  const name = snapshotName(options.name)
  const config = await operation.fill(given)
  if (restoring?.finished && restoring.snapshot === name) {
    return endRestore(config, restoring, session, operation)
  }
  const before = await stateBeforeRestore(session.state, deps.store, emit)
  const machines = await connectMachines(config, before, operation)
  return closing(machines.connected, async () => {
    const prepared = await prepareRestore(
      { given, filled: config },
      { before, restoring, notRestored, now },
      machines,
      restoreWays(machines.connected, operation),
      operation,
    )
    const decision = planRestore(prepared.view)
    warnOfDecision(decision, emit)
    for (const text of rotationWarnings(prepared.view.target.known.state)) {
      emit({ type: 'notice', level: 'warning', area: 'certificates', text })
    }
    const steps = shownSteps(decision.plan, operation)
    const restored = summaryOf(prepared.view, decision)
    const result = { plan: decision.plan, steps, restored, leftOut: [], done: 0 }
    if (!(await isToBeDone(result, options, operation, 'the snapshot was not restored'))) return result
    const { done, leftOut } = await apply(decision, session, prepared, operation)
    refuseSkipped(prepared.view)
    return { ...result, done, leftOut: leftOut.map(hide) }
  })
}

async function apply(
  { plan }: Decision,
  session: StateSession,
  { access, offline, view }: PreparedAgain & { readonly view: RestoreView },
  operation: RestoreOperation,
): Promise<{ readonly done: number; readonly leftOut: readonly string[] }> {
  const { deps, options, emit } = operation
  const state = savingKubeconfig(runState(session, options.breakLock, deps.clock), access.bundle, deps)
  const kubeFor = bootstrapped(access.kube, undefined, deps.time)
  const context = { ...access, kubeFor, state: () => state }
  let done = 0
  let failed: readonly string[] = []
  const work = async (): Promise<void> => {
    const ended = await runPlan(plan, context, options, emit).catch(async (thrown: unknown) => {
      const isUntouched = session.state.restoring === undefined && options.abort?.aborted !== true
      if (isUntouched) await clearScratch(plan, view, access.node, emit)
      throw thrown
    })
    done = ended.done
    failed = ended.failed.map(failureText)
  }
  await holdingLeaseIfAny(view.target.wanted.config, access.nodes, operation, work, access.bundle)
  return { done, leftOut: [...(await leftOutManifests(offline)), ...failed] }
}

function summaryOf(view: RestoreView, { basis }: Decision): RestoreSummary {
  const {
    snapshot: { file, content },
    target: { wanted },
    machines,
  } = view
  const { state: _, ...seen } = content
  const nodes = basis.nodes.map(({ node }) => node)
  const named = new Set(wanted.config.nodes.map(({ address }) => address))
  return {
    file,
    content: seen,
    members: nodesWithRole(nodes, 'etcd').map(({ address }) => address),
    cleaned: [...machines.keys()].filter((address) => !named.has(address)),
  }
}

function refuseSkipped({ target: { seen } }: RestoreView): void {
  if (seen.unreachable.length === 0) return
  const list = `[${seen.unreachable.join(',')}]`
  throw new ConnectionError(
    'other',
    `the snapshot is restored, but without host(s) ${list}, which could not be contacted`,
    {
      hint: 'keep them switched off until you run "rke up" with them: it takes the cluster from before off them, then adds them',
    },
  )
}
