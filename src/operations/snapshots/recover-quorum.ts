import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { Run } from '../../engine/run.ts'
import { StateError } from '../../errors.ts'
import { type MemberFinding, memberFindings } from '../../plan/snapshots/recover/member-findings.ts'
import { planDiscard } from '../../plan/snapshots/recover/plan-discard.ts'
import { planRecover } from '../../plan/snapshots/recover/plan-recover.ts'
import type { RecoverView } from '../../plan/snapshots/recover/recover-view.ts'
import { refuseExternalEtcd } from '../../plan/snapshots/restore-guards.ts'
import { reasonText } from '../../reason-text.ts'
import { closing } from '../../session/closing.ts'
import type { Deps, RunOptions } from '../../session/deps.ts'
import { isToBeDone, type PlanFirst, shownSteps, startPlannedRun } from '../../session/run/planned-run.ts'
import type { Operation } from '../../session/run/redacted-run.ts'
import { runPlan } from '../../session/run/run-plan.ts'
import { holdingLeaseIfAny } from '../../session/state/lease-if-any.ts'
import { StateSession } from '../../session/state/state-session.ts'
import { whileRecovering } from '../../session/state/while-recovering.ts'
import { refuseWhileRestoring } from '../../session/state/while-restoring.ts'
import type { Planned } from '../results.ts'
import { observeRecovery, type Recovery } from './observe-recovery.ts'

export interface RecoverQuorumOptions extends RunOptions, PlanFirst<RecoverQuorumResult> {
  /** Address or name of the node whose data the cluster goes on with. Default: the best. */
  readonly from?: string
  /** Delete what finished recoveries have kept, and nothing else. Default: false. */
  readonly discard?: boolean
}

export interface RecoverQuorumResult extends Planned {
  /** Address of the node whose data the cluster goes on with; `undefined` where that is decided, or nothing is to be. */
  readonly chosen: string | undefined
  /** What was found on each etcd node. */
  readonly members: readonly { readonly node: string; readonly found: MemberFinding['found'] }[]
}

/**
 * Rebuilds etcd as a cluster of one member from the best data that is left, where its quorum is lost and no snapshot is there.
 * `up` brings the other members back afterwards. What was there before is kept on each node. Safe to run again at any time
 * and after any failure: each run does what is left. Nodes that cannot be reached are left out.
 */
export function recoverQuorum(
  given: ClusterConfig,
  deps: Deps,
  options: RecoverQuorumOptions = {},
): Run<RecoverQuorumResult> {
  return startPlannedRun('rke etcd recover', deps, options, (operation) => recover(given, operation))
}

async function recover(
  given: ClusterConfig,
  operation: Operation & { readonly options: RecoverQuorumOptions },
): Promise<RecoverQuorumResult> {
  const { deps, options, fill } = operation
  refuseExternalEtcd(given)
  const config = await fill(given)
  const session = await StateSession.open(deps.store)
  if (!session.exists) throw noState()
  refuseWhileRestoring(session.state)
  const recovery = await observeRecovery(config, session.state, options, operation)
  return closing(recovery.access, async () => {
    report(recovery.view, operation)
    const { plan, chosen } = decide(recovery.view, options)
    const steps = shownSteps(plan, operation)
    const members = memberFindings(recovery.view).map(({ node, found }) => ({ node: node.address, found }))
    const result = { plan, steps, leftOut: [], chosen, members }
    if (await isToBeDone(result, options, operation, 'the recovery was not confirmed')) {
      await apply({ plan, chosen }, session, recovery, operation)
    }
    return result
  })
}

type Decision = Pick<RecoverQuorumResult, 'plan' | 'chosen'>

function decide(view: RecoverView, { discard = false }: RecoverQuorumOptions): Decision {
  return discard ? { plan: planDiscard(view), chosen: undefined } : planRecover(view)
}

/** Without a quorum no API can hold a lease. */
async function apply(
  { plan, chosen }: Decision,
  session: StateSession,
  { access, view }: Recovery,
  operation: Operation,
): Promise<void> {
  const { deps, options, emit } = operation
  const work = (): Promise<void> =>
    whileRecovering(session, chosen, deps, () => runPlan(plan, access, options, emit))
  await (chosen === undefined ? holdingLeaseIfAny(view.config, access.nodes, operation, work) : work())
}

function report(view: RecoverView, { emit, hide }: Operation): void {
  for (const { node, found } of memberFindings(view)) {
    const isAway = found.kind === 'etcd-data-unusable' && found.why === 'unreachable'
    const text = `etcd on host [${node.address}]: ${reasonText(found)}${isAway ? STAYS_AWAY : ''}`
    const level = isAway ? 'warning' : 'info'
    emit({ type: 'notice', level, area: 'etcd', text: hide(text), node: node.address })
  }
}

/** Enough of those that come back are a quorum of the old cluster, which would go on beside the recovered one. */
const STAYS_AWAY =
  '; switch the machine off for good, or keep it off until "rke up" has repaired or removed its member'

function noState(): StateError {
  return new StateError('there is no state file, and so no certificate to ask etcd with', {
    step: 'load the state',
    untouched: true,
    hint:
      'put cluster.rkestate beside cluster.yml, or make it from the certificates on the nodes with "rke util ' +
      'get-state-file"',
  })
}
