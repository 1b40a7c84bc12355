import {
  addonsAmong,
  type CaObjects,
  type CaReaders,
  caReaders,
  isNobody,
  NO_READERS,
  withoutAddons,
} from '../../kube/objects/ca-readers.ts'
import { observeCaObjects } from '../../observe/observe-ca-readers.ts'
import type { RotationStage } from '../../pki/rotation/rotation-stages.ts'
import { refuseUnhealthyStage } from '../../plan/certificates/ca-rotation-guards.ts'
import {
  followersOf,
  goesOn,
  losers,
  mustBeFollowed,
  type RotationChoice,
} from '../../plan/certificates/goes-on.ts'
import { planCaReaders } from '../../plan/certificates/plan-ca-readers.ts'
import { joinPlans, type PlanPart } from '../../plan/model/join-plans.ts'
import type { Plan } from '../../plan/model/plan.ts'
import type { CaRotation, ClusterState } from '../../state/cluster-state.ts'
import { MemoryStateStore } from '../../state/memory-state-store.ts'
import { endOf } from '../end-of-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import { StateSession } from '../state/state-session.ts'
import type { CertificateTarget } from './certificate-target.ts'
import { changeCertificates } from './change-certificates.ts'
import { caChangeOf, caTextOf, isUnderWay, nextStage, reachedStage, unchanged } from './rotation-steps.ts'
import type { RotationStop } from './stage-texts.ts'

/** A part of the plan, and the stage that it belongs to. */
interface StagePart extends PlanPart {
  readonly stage: RotationStage
}

/** All that a run of the rotation would do, as far as it can be said now. */
export interface PlannedStages {
  readonly plan: Plan
  /** In which stage each part of the plan is done: the ids of its actions begin with the name. */
  readonly parts: readonly StagePart[]
  /** All who trust only the old CA, or hold a token of the old key, the cluster's add-ons among them. */
  readonly readers: CaReaders
  /** Before which stage it would stop, and for whom; undefined if it goes to the end. */
  readonly stop: RotationStop | undefined
  /** Those who would lose the API in it; undefined: none. */
  readonly losing: CaReaders | undefined
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
  const objects = await changeCertificates(
    target,
    { ...unchanged(state), next: asked },
    operation,
    async (now) => {
      const { basis } = now.decision
      // A node may be unhealthy because of a stage that was begun: going on is what helps it.
      if (!isUnderWay(state, rotation)) refuseUnhealthyStage(basis)
      if (basis.seen.kube === undefined) return NO_OBJECTS
      return observeCaObjects(await now.access.kube(), endOf(operation.options))
    },
  )
  const change = caChangeOf(rotation)
  const now = reachedOf(state, rotation)
  const parts: StagePart[] = []
  let readers = NO_READERS
  let losing: CaReaders | undefined
  for (;;) {
    const reached = reachedOf(session.state, rotation)
    if (reached !== undefined) {
      const ca = caTextOf(session.state)
      parts.push({ stage: reached, name: `${reached}-published`, plan: planCaReaders({ ca }, change) })
    }
    if (reached !== undefined && mustBeFollowed(reached, rotation)) {
      const found = followersOf(
        reached,
        rotation,
        caReaders(objects, { ...change, isToCome: reached !== now }),
      )
      readers = joined(readers, found)
      parts.push(...following(found, reached, choice, rotation))
      const left = leftBy(found, choice)
      if (!goesOn(left, choice)) {
        return { plan: joinPlans(parts), parts, readers, stop: { after: reached, readers: left }, losing }
      }
      if (!isNobody(losers(left))) losing = losers(left)
    }
    const next = await nextStage(imagined, rotation, operation)
    if (next === undefined) return { plan: joinPlans(parts), parts, readers, stop: undefined, losing }
    const { stage } = next
    const plan = await changeCertificates(
      imagined,
      { ...next.change, askedWith: asked },
      silent,
      async ({ decision }) => decision.plan,
    )
    parts.push({ stage, name: stage, plan })
    const half = { certificatesBundle: next.change.next }
    const { desiredState, currentState } = session.state
    await session.save({
      desiredState: { ...desiredState, ...half },
      currentState: { ...currentState, ...half },
    })
  }
}

const NO_OBJECTS: CaObjects = { rootCas: [], tokenSecrets: [], pods: [], replicaSets: [], workloads: [] }

/** The stage that all nodes are through, and none on its way to the next one. */
const reachedOf = (state: ClusterState, rotation: CaRotation): RotationStage | undefined =>
  isUnderWay(state, rotation) ? undefined : reachedStage(state, rotation)

/** Those whom a run leaves to the user. */
function leftBy(found: CaReaders, { restartWorkloads = false }: RotationChoice): CaReaders {
  const left = withoutAddons(found)
  return restartWorkloads ? { ...left, workloads: [] } : left
}

const joined = (a: CaReaders, b: CaReaders): CaReaders => ({
  workloads: [...a.workloads, ...b.workloads],
  others: [...a.others, ...b.others],
  oldTokens: [...a.oldTokens, ...b.oldTokens],
})

function following(
  readers: CaReaders,
  stage: RotationStage,
  choice: RotationChoice,
  rotation: CaRotation,
): readonly StagePart[] {
  const change = caChangeOf(rotation)
  const addons = addonsAmong(readers)
  const part = (name: string, plan: Plan): StagePart => ({ stage, name: `${stage}-${name}`, plan })
  const workloads = choice.restartWorkloads ? withoutAddons(readers).workloads : []
  const oldTokens = goesOn(leftBy(readers, choice), choice) ? readers.oldTokens : []
  return [
    part('addons', planCaReaders({ workloads: addons }, change)),
    part('workloads', planCaReaders({ workloads, oldTokens }, change)),
  ]
}
