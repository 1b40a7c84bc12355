import { desiredInput } from '../../../src/desired/desired-cluster.ts'
import type { Event } from '../../../src/engine/events.ts'
import { ROTATION_STAGES } from '../../../src/pki/rotation/rotation-stages.ts'
import { refuseUnhealthyStage } from '../../../src/plan/certificates/ca-rotation-guards.ts'
import { mustChangeAtOnce } from '../../../src/plan/certificates/must-change-at-once.ts'
import { planAtOnce } from '../../../src/plan/certificates/plan-at-once.ts'
import { planCaReaders } from '../../../src/plan/certificates/plan-ca-readers.ts'
import { refuseUnfinishedChange } from '../../../src/plan/certificates/refuse-unfinished-change.ts'
import type { ClusterView } from '../../../src/plan/model/cluster-view.ts'
import { makePlan } from '../../../src/plan/model/plan.ts'
import { type OfflineTarget, openTarget } from '../../../src/session/certificates/certificate-target.ts'
import type { BundleChange } from '../../../src/session/certificates/change-certificates.ts'
import { refuseWhileAuthoritiesChange } from '../../../src/session/certificates/rotate.ts'
import { rotatedBundle } from '../../../src/session/certificates/rotated-bundle.ts'
import {
  caChangeOf,
  caTextOf,
  isUnderWay,
  nextStage,
  rotationOf,
} from '../../../src/session/certificates/rotation-steps.ts'
import type { DirectRun } from '../../sim/direct/direct-run.ts'
import { catalog } from '../fixture.ts'
import { type ModelAccess, modelAccess } from './model-access.ts'
import { ignore, type ModelCluster, type Prepared } from './model-cluster.ts'
import { operationOf, prepared } from './model-operation.ts'

/** As `rotateCertificates` prepares, for these services: everything up to the plan, or a refusal. */
export async function planOfRotation(model: ModelCluster, services: readonly string[]): Promise<Prepared> {
  const { run, operation } = begun(model)
  const target = await openTarget(model.config, operation)
  refuseWhileAuthoritiesChange(target.session.state)
  return changing(model, run, target, await rotatedBundle(target, services, operation))
}

/** As `rotateAuthorities` prepares, but only the next stage. Nobody in the model trusts one CA alone. */
export async function planOfStage(model: ModelCluster): Promise<Prepared> {
  const { run, operation } = begun(model)
  const target = await openTarget(model.config, operation)
  const { session } = target
  const rotation = await rotationOf(target, operation)
  const next = await nextStage(target, rotation, operation)
  const published = (access: ModelAccess): Promise<void> => {
    const plan = planCaReaders({ ca: caTextOf(session.state) }, caChangeOf(rotation))
    return prepared(model, { run, session, access, bundle: {}, plan }).apply()
  }
  const forget = (): Promise<void> => session.update(({ caRotation: _done, ...state }) => state)
  if (next === undefined) {
    const access = accessOf(model, run, target)
    const apply = (): Promise<void> => published(access).then(forget)
    return { plan: makePlan([]), run, apply }
  }
  const isBegun = isUnderWay(session.state, rotation)
  return changing(model, run, target, next.change, {
    check: (view) => {
      if (!isBegun) refuseUnhealthyStage(view, ROTATION_STAGES.indexOf(next.stage))
    },
    after: async (access) => {
      await published(access)
      if (next.stage === 'finish') await forget()
    },
  })
}

const begun = (model: ModelCluster) => {
  const run = model.newRun()
  return { run, operation: operationOf(model, run, { kubeconfigPath: 'kube_config' }) }
}

const accessOf = (model: ModelCluster, run: DirectRun, { config, session }: OfflineTarget): ModelAccess =>
  modelAccess(model, run, {
    nodes: config.nodes,
    notAsked: session.state.notRestored,
    skipUnreachable: false,
  })

interface Around {
  /** Refuses what is seen. */
  readonly check?: (view: ClusterView) => void
  /** Done once the plan is. */
  readonly after?: (access: ModelAccess) => Promise<void>
}

/** As `changeCertificates` does. */
async function changing(
  model: ModelCluster,
  run: DirectRun,
  target: OfflineTarget,
  { next, issued, begin = {} }: BundleChange,
  { check = () => {}, after = async () => {} }: Around = {},
): Promise<Prepared> {
  const { applied, config, session } = target
  const access = accessOf(model, run, target)
  const { currentState, desiredState } = session.state
  const { encryptionConfig } = currentState.encryptionRewritePending ? desiredState : currentState
  const view = await model.viewOf(run, access, session, {
    config,
    given: applied,
    input: desiredInput(config, catalog, encryptionConfig !== undefined),
    material: { bundle: next, generated: issued, encryptionConfig, encryptionGenerated: false },
  })
  const atOnce = mustChangeAtOnce(view, new Date())
  const decision = atOnce ? planAtOnce(view) : await model.decide(run, access, view)
  if (!atOnce && view.seen.kube !== undefined) refuseUnfinishedChange(decision.plan.actions)
  check(view)
  const apply = async (onEvent: (event: Event) => void = ignore): Promise<void> => {
    const { currentState: current } = decision.basis.states.begun
    const state = {
      ...begin,
      desiredState: { ...session.state.desiredState, certificatesBundle: next },
      currentState: current,
    }
    await model.apply(decision, session, { run, access }, state, onEvent)
    await after(access)
  }
  return { plan: decision.plan, run, apply }
}
