import type { Action } from '../../plan/action.ts'
import type { Decision } from '../../plan/decide.ts'
import { Secret } from '../../secret.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { bootstrapped } from '../connect/bootstrapped.ts'
import type { ClusterAccess } from '../connect/cluster-access.ts'
import { endOf } from '../end-of-run.ts'
import { refuseForeignCopy, refuseMovedCopy } from '../state/foreign-copy.ts'
import { holdingLease } from '../state/holding-lease.ts'
import { runState } from '../state/run-state.ts'
import { copyDigest, type StateSession } from '../state/state-session.ts'
import type { Operation } from './redacted-run.ts'
import { type RunParts, runPlan } from './run-plan.ts'
import type { Ended } from './run-with-events.ts'

/**
 * Does what was decided, under the cluster's lease where its API answers, on top of the state that it was decided with.
 * @param notes what the actions hand to the operation
 * @param begun the state from the moment the run begins
 */
export async function applyDecision(
  { plan, basis }: Decision,
  session: StateSession,
  access: ClusterAccess,
  { deps, options, emit }: Operation,
  notes: Pick<RunParts, 'noteStored'> = {},
  begun: ClusterState = basis.states.begun,
): Promise<Ended<Action>> {
  const { seen, wanted } = basis
  const copy = seen.kube?.stateCopy
  const { breakLock = false } = options
  const kubeFor = bootstrapped(access.kube, seen.kube, deps.time)
  const hasWork = plan.actions.length > 0
  const usesApi = seen.kube !== undefined && hasWork
  const state = runState(session, breakLock)
  const context = { ...access, ...notes, kubeFor, state: () => state }
  return holdingLease(usesApi ? kubeFor : undefined, deps, options, emit, async () => {
    if (!breakLock) refuseForeignCopy(session.state, copy)
    if (!breakLock && usesApi) await refuseMovedCopy(copy, access.kube, endOf(options))
    const noted = copy !== undefined && hasWork ? { copiesInCluster: [copyDigest(copy)] } : {}
    await session.save({ ...begun, ...noted })
    const kubeconfig = wanted.onlyEncryption ? undefined : access.bundle['kube-admin']?.config
    if (kubeconfig) await deps.saveKubeconfig?.(new Secret(kubeconfig))
    return runPlan(plan, context, options, emit)
  })
}
