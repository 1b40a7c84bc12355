import {
  addonsAmong,
  type CaReaders,
  isNobody,
  NO_READERS,
  withoutAddons,
} from '../../kube/objects/ca-readers.ts'
import { giveNodesTime } from '../../kube/tasks/nodes-ready.ts'
import { observeCaReaders } from '../../observe/observe-ca-readers.ts'
import { ROTATION_STAGES, type RotationStage } from '../../pki/rotation/rotation-stages.ts'
import { refuseUnhealthyStage } from '../../plan/certificates/ca-rotation-guards.ts'
import {
  followersOf,
  goesOn,
  losers,
  mustBeFollowed,
  type RotationChoice,
} from '../../plan/certificates/goes-on.ts'
import { planCaReaders } from '../../plan/certificates/plan-ca-readers.ts'
import type { Plan } from '../../plan/model/plan.ts'
import type { CaRotation } from '../../state/cluster-state.ts'
import { bootstrapped } from '../connect/bootstrapped.ts'
import type { ClusterAccess } from '../connect/cluster-access.ts'
import { endOf } from '../end-of-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import { runPlan } from '../run/run-plan.ts'
import { holdingLease } from '../state/holding-lease.ts'
import type { CertificateTarget } from './certificate-target.ts'
import { changeCertificates } from './change-certificates.ts'
import { caChangeOf, caTextOf, isUnderWay, nextStage, reachedStage, unchanged } from './rotation-steps.ts'
import { losingText, type RotationStop, stageTitle } from './stage-texts.ts'

/**
 * Goes through all stages that are left. Each is decided by what is observed when those before it are done.
 * @returns for whom it has stopped before the last stage; undefined if it is done
 */
export async function runStages(
  target: CertificateTarget,
  rotation: CaRotation,
  choice: RotationChoice,
  operation: Operation,
): Promise<RotationStop | undefined> {
  const { session } = target
  const notice = (level: 'info' | 'warning', text: string): void =>
    operation.emit({ type: 'notice', level, area: 'certificates', text })
  for (;;) {
    const reached = reachedStage(session.state, rotation)
    if (reached !== undefined && !isUnderWay(session.state, rotation)) {
      const left = await followed(target, reached, rotation, choice, operation)
      if (!goesOn(left, choice)) return { after: reached, readers: left }
      if (!isNobody(losers(left))) notice('warning', losingText(losers(left)))
    }
    const next = await nextStage(target, rotation, operation)
    if (next === undefined) break
    const { stage, change } = next
    notice('info', stageTitle(stage))
    await changeCertificates(target, change, operation, async (planned) => {
      if (!isUnderWay(session.state, rotation))
        refuseUnhealthyStage(planned.decision.basis, ROTATION_STAGES.indexOf(stage))
      await planned.run()
    })
  }
  await session.update(({ caRotation: _done, ...state }) => state)
  return undefined
}

/** Lets Kubernetes follow the stage that nodes are through. Returns those of the user who have not followed it. */
async function followed(
  target: CertificateTarget,
  reached: RotationStage,
  rotation: CaRotation,
  choice: RotationChoice,
  operation: Operation,
): Promise<CaReaders> {
  const { state } = target.session
  const change = caChangeOf(rotation)
  // What is observed is not what is to be warned of: the stages do that.
  const silent = { ...operation, emit: () => {} }
  return changeCertificates(target, unchanged(state), silent, async ({ access }) => {
    const run = (plan: Plan): Promise<void> => runInKube(plan, access, operation)
    await run(planCaReaders({ ca: caTextOf(state) }, change))
    const wait = { signal: endOf(operation.options), time: operation.deps.time }
    if (reached !== 'finish') await giveNodesTime(await access.kube(), wait)
    if (!mustBeFollowed(reached, rotation)) return NO_READERS
    const observe = async (): Promise<CaReaders> =>
      followersOf(
        reached,
        rotation,
        await observeCaReaders(await access.kube(), change, endOf(operation.options)),
      )
    const addons = addonsAmong(await observe())
    await run(planCaReaders({ workloads: addons }, change))
    if (choice.restartWorkloads) {
      await run(planCaReaders({ workloads: withoutAddons(await observe()).workloads }, change))
    }
    const left = withoutAddons(await observe())
    if (goesOn(left, choice)) await run(planCaReaders({ oldTokens: left.oldTokens }, change))
    return left
  })
}

/** Runs a plan that asks Kubernetes alone, under the cluster's lease. */
export async function runInKube(
  plan: Plan,
  access: ClusterAccess,
  { deps, options, emit }: Operation,
): Promise<void> {
  if (plan.actions.length === 0) return
  const kubeFor = bootstrapped(access.kube, undefined, deps.time)
  await holdingLease(kubeFor, deps, options, emit, () => runPlan(plan, { ...access, kubeFor }, options, emit))
}
