import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { StepInfo } from '../../engine/events.ts'
import type { Run } from '../../engine/run.ts'
import { PlanRefusedError } from '../../errors.ts'
import { type CaReaders, NO_READERS } from '../../kube/objects/ca-readers.ts'
import type { Clock } from '../../observe/observe-clock.ts'
import { CLUSTER_CA } from '../../pki/inventory/inventory.ts'
import { keptKeyWarning } from '../../pki/own/kept-key.ts'
import { ROTATION_STAGES, type RotationStage } from '../../pki/rotation/rotation-stages.ts'
import { refuseOwnCaFiles, refuseUnseenFollowers } from '../../plan/certificates/ca-rotation-guards.ts'
import type { RotationChoice } from '../../plan/certificates/goes-on.ts'
import { rotationWarnings } from '../../plan/checks/rotation-warnings.ts'
import type { Plan } from '../../plan/model/plan.ts'
import { openTarget, withMachines } from '../../session/certificates/certificate-target.ts'
import { planStages } from '../../session/certificates/plan-stages.ts'
import { type ImmediatePlan, rotateImmediately } from '../../session/certificates/rotate-immediately.ts'
import { rotationOf } from '../../session/certificates/rotation-steps.ts'
import { runStages } from '../../session/certificates/run-stages.ts'
import {
  losingText,
  type RotationStop,
  stageTitle,
  vouchingText,
  waitingLines,
} from '../../session/certificates/stage-texts.ts'
import type { Deps, RunOptions } from '../../session/deps.ts'
import { madeByClocks } from '../../session/prepare/regard-clocks.ts'
import { isToBeDone, type PlanFirst, shownSteps, startPlannedRun } from '../../session/run/planned-run.ts'
import { withoutRepeats } from '../../session/run/without-repeats.ts'
import type { CaRotation } from '../../state/cluster-state.ts'
import type { Planned } from '../results.ts'

export interface RotateAuthoritiesOptions extends RunOptions, PlanFirst<AuthoritiesRotated>, RotationChoice {
  /**
   * Everything at once, as RKE does, for a cluster that is down anyway. Default: as it was begun; a new one goes in stages, where
   * `skipUnreachable` has no effect.
   */
  readonly immediately?: boolean
}

export interface AuthoritiesRotated extends Planned {
  /** Everything is restarted on all nodes at once. */
  readonly atOnce: boolean
  /** What is done in each stage; empty if all is changed at once. */
  readonly stages: readonly StageSteps[]
  /** As the plan was made: all who trust only the old CA, or hold a token of the old key, the cluster's add-ons among them. */
  readonly readers: CaReaders
  /** Those for whom the run has stopped, or would stop, before the old CA goes; undefined if it goes to the end. */
  readonly stopsFor: CaReaders | undefined
  /** After which stage; undefined if it goes to the end. */
  readonly stopsAfter: RotationStage | undefined
  /** What there is to know of those who have to follow, and how to go on, each in one line. */
  readonly waiting: readonly string[]
}

/** One stage of a rotation. */
export interface StageSteps {
  readonly stage: RotationStage
  /** `stage 1 of 3: the old CA and the new one are trusted`. */
  readonly title: string
  /** Some of those of the plan. */
  readonly steps: readonly StepInfo[]
}

/**
 * Replaces both authorities of a running cluster and the key of its service account tokens, in stages (`ROTATION_STAGES`) that all
 * nodes are through before the next one begins. Killed anywhere, the next run goes on. Stops before the old CA goes where pods or
 * tokens would lose the API by that, unless it is said what becomes of them.
 * @throws PlanRefusedError if a node is not healthy, or the cluster cannot follow the stages; ConnectionError if one cannot be reached.
 */
export function rotateAuthorities(
  given: ClusterConfig,
  deps: Deps,
  options: RotateAuthoritiesOptions = {},
): Run<AuthoritiesRotated> {
  // A node that is left out of a stage would not trust what the next one begins with.
  const { immediately: askedAtOnce = false, skipUnreachable = false } = options
  const nodes = { ...options, skipUnreachable: askedAtOnce && skipUnreachable }
  return startPlannedRun('rke cert rotate --rotate-ca', deps, nodes, async (one) => {
    const offline = await openTarget(given, one)
    const { session } = offline
    const operation = { ...one, emit: withoutRepeats(one.emit, () => rotationWarnings(session.state)) }
    const { state } = session
    const immediately = askedAtOnce || state.caRotation?.immediately === true
    if (!immediately) {
      refuseUnseenFollowers(offline.applied)
      refuseOwnCaFiles(offline.config)
    }
    if (options.finish && state.caRotation === undefined) throw notBegun()
    const made = await rotationOf(offline, operation)
    const shown = (plan: Plan, stop?: RotationStop, atOnce = false): AuthoritiesRotated => {
      const steps = shownSteps(plan, operation)
      const stops = { stopsFor: stop?.readers, stopsAfter: stop?.after, waiting: waitingLines(stop) }
      return { plan, steps, atOnce, leftOut: [], stages: [], readers: NO_READERS, ...stops }
    }
    const isConfirmed = (planned: AuthoritiesRotated): Promise<boolean> =>
      isToBeDone(planned, options, operation, 'the CA was not rotated')
    const without = immediately ? WITHOUT_NODE_AT_ONCE : WITHOUT_NODE
    return withMachines(offline, operation, without, async (target) => {
      const hasNewAuthority = state.caRotation === undefined
      const again = (earlier: Clock): Promise<CaRotation> => rotationOf(offline, operation, earlier)
      const offlineParts = { made, hasNewAuthority, again }
      const rotation = await madeByClocks(offlineParts, target.connected.nodes, operation)
      const text = keptKeyWarning(rotation.next[CLUSTER_CA])
      if (text !== undefined) operation.emit({ type: 'notice', level: 'warning', area: 'certificates', text })
      if (immediately) {
        const rotated = ({ plan, atOnce }: ImmediatePlan): AuthoritiesRotated =>
          shown(plan, undefined, atOnce)
        return rotated(
          await rotateImmediately(target, rotation, operation, (one) => isConfirmed(rotated(one))),
        )
      }
      const { plan, parts, readers, stop, losing } = await planStages(target, rotation, options, operation)
      const before = rotation.notVouchedFor === undefined ? [] : [vouchingText(rotation.notVouchedFor)]
      const of = (one: RotationStop | undefined): AuthoritiesRotated => {
        const result = shown(plan, one)
        return { ...result, readers, stages: stagesOf(parts, result.steps) }
      }
      const first = of(stop)
      const lost = losing === undefined ? [] : [losingText(losing)]
      const planned = { ...first, waiting: [...before, ...lost, ...first.waiting] }
      if (!(await isConfirmed(planned))) return planned
      for (const text of before) {
        operation.emit({ type: 'notice', level: 'warning', area: 'certificates', text })
      }
      return of(await runStages(target, rotation, options, operation))
    })
  })
}

const WITHOUT_NODE =
  'while the API answers, take a node that is lost out of cluster.yml and run "rke up"; then run the same command again'

const WITHOUT_NODE_AT_ONCE =
  'leave a node out with --immediately --skip-unreachable: it gets its certificates from the next "rke up" or "rke cert rotate"'

/** Each stage that has something to do, with that. */
function stagesOf(
  parts: readonly { readonly stage: RotationStage; readonly name: string }[],
  steps: readonly StepInfo[],
): readonly StageSteps[] {
  const stageById = (id: string): RotationStage | undefined =>
    parts.find(({ name }) => id.startsWith(`${name}/`))?.stage
  return ROTATION_STAGES.map((stage) => ({
    stage,
    title: stageTitle(stage),
    steps: steps.filter(({ id }) => stageById(id) === stage),
  })).filter((one) => one.steps.length > 0)
}

function notBegun(): PlanRefusedError {
  return new PlanRefusedError('no rotation of the CA was begun that could be finished', {
    step: 'rotate the CA',
    untouched: true,
    hint: 'begin one with "rke cert rotate --rotate-ca"',
  })
}
