import { type CaReaders, NO_READERS, withoutAddons } from '../../kube/objects/ca-readers.ts'
import { observeCaReaders } from '../../observe/observe-ca-readers.ts'
import { refuseUnhealthyStage } from '../../plan/certificates/ca-rotation-guards.ts'
import { goesOn, type RotationChoice, stopsFor } from '../../plan/certificates/goes-on.ts'
import { planCaReaders } from '../../plan/certificates/plan-ca-readers.ts'
import { joinPlans, type PlanPart } from '../../plan/model/join-plans.ts'
import type { Plan } from '../../plan/model/plan.ts'
import type { CaRotation } from '../../state/cluster-state.ts'
import { MemoryStateStore } from '../../state/memory-state-store.ts'
import { endOf } from '../end-of-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import { StateSession } from '../state/state-session.ts'
import type { CertificateTarget } from './certificate-target.ts'
import { changeCertificates } from './change-certificates.ts'
import { caChangeOf, caTextOf, isUnderWay, nextStage, reachedStage, unchanged } from './rotation-steps.ts'

/** All that a run of the rotation would do, as far as it can be said now. */
export interface PlannedStages {
  readonly plan: Plan
  /** Those for whom it would stop before the old CA goes. */
  readonly stopsFor: CaReaders | undefined
}

/**
 * Plans all stages that are left, each as if those before it were done. The cluster is asked with the certificates that it has.
 * @throws PlanRefusedError if the first of them cannot be begun.
 */
export async function planStages(
  target: CertificateTarget,
  rotation: CaRotation,
  choice: RotationChoice,
  operation: Operation,
): Promise<PlannedStages> {
  const { state } = target.session
  // What follows from the state of later stages is planned on a copy of it.
  const session = await StateSession.open(new MemoryStateStore(state))
  const imagined = { ...target, session }
  const silent = { ...operation, emit: () => {} }
  const asked = state.desiredState.certificatesBundle ?? unchanged(state).next
  const readers = await changeCertificates(
    target,
    { ...unchanged(state), next: asked },
    operation,
    async (now) => {
      const { basis } = now.decision
      // A node may be unhealthy because of a stage that was begun: going on is what helps it.
      if (!isUnderWay(state, rotation)) refuseUnhealthyStage(basis)
      if (basis.seen.kube === undefined) return NO_READERS
      return observeCaReaders(await now.access.kube(), caChangeOf(rotation), endOf(operation.options))
    },
  )
  const parts: PlanPart[] = []
  for (;;) {
    const reached = isUnderWay(session.state, rotation) ? undefined : reachedStage(session.state, rotation)
    if (reached === 'issue') {
      parts.push(...followers(readers, choice, rotation))
      if (!goesOn(withoutAddons(readers), choice)) {
        const left = withoutAddons(readers)
        const workloads = choice.restartWorkloads ? [] : left.workloads
        return { plan: joinPlans(parts), stopsFor: stopsFor({ ...left, workloads }) }
      }
    }
    const ca = caTextOf(session.state)
    if (reached !== undefined) {
      parts.push({ name: `${reached}-published`, plan: planCaReaders({ ca }, caChangeOf(rotation)) })
    }
    const next = await nextStage(imagined, rotation, operation)
    if (next === undefined) return { plan: joinPlans(parts), stopsFor: undefined }
    const { stage, change } = next
    const plan = await changeCertificates(
      imagined,
      { ...change, askedWith: asked },
      silent,
      async ({ decision }) => decision.plan,
    )
    parts.push({ name: stage, plan })
    const half = { certificatesBundle: change.next }
    const { desiredState, currentState } = session.state
    await session.save({
      desiredState: { ...desiredState, ...half },
      currentState: { ...currentState, ...half },
    })
  }
}

function followers(readers: CaReaders, choice: RotationChoice, rotation: CaRotation): readonly PlanPart[] {
  const change = caChangeOf(rotation)
  const addons = readers.workloads.filter(({ isAddon }) => isAddon)
  const part = (name: string, plan: Plan): PlanPart => ({ name, plan })
  const workloads = choice.restartWorkloads ? withoutAddons(readers).workloads : []
  const oldTokens = goesOn(withoutAddons(readers), choice) ? readers.oldTokens : []
  return [
    part('addons', planCaReaders({ workloads: addons }, change)),
    part('workloads', planCaReaders({ workloads, oldTokens }, change)),
  ]
}
