import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { Run } from '../../engine/run.ts'
import { PlanRefusedError } from '../../errors.ts'
import type { CaReaders } from '../../kube/objects/ca-readers.ts'
import { CLUSTER_CA } from '../../pki/inventory/inventory.ts'
import { keptKeyWarning } from '../../pki/own/kept-key.ts'
import { refuseOwnCaFiles } from '../../plan/certificates/ca-rotation-guards.ts'
import type { RotationChoice } from '../../plan/certificates/goes-on.ts'
import type { Plan } from '../../plan/model/plan.ts'
import { openTarget, withMachines } from '../../session/certificates/certificate-target.ts'
import { planStages } from '../../session/certificates/plan-stages.ts'
import { rotateImmediately } from '../../session/certificates/rotate-immediately.ts'
import { rotationOf } from '../../session/certificates/rotation-steps.ts'
import { runStages } from '../../session/certificates/run-stages.ts'
import { waitingLines } from '../../session/certificates/waiting-text.ts'
import type { Deps, RunOptions } from '../../session/deps.ts'
import { clockOfMachines } from '../../session/prepare/regard-clocks.ts'
import { isToBeDone, type PlanFirst, shownSteps, startPlannedRun } from '../../session/run/planned-run.ts'
import type { Planned } from '../results.ts'

export interface RotateAuthoritiesOptions extends RunOptions, PlanFirst<AuthoritiesRotated>, RotationChoice {
  /** Everything at once, as RKE does, for a cluster that is down anyway. Default: as it was begun; a new one goes in stages. */
  readonly immediately?: boolean
}

export interface AuthoritiesRotated extends Planned {
  /** Those for whom the run has stopped, or would stop, before the old CA goes; undefined if it goes to the end. */
  readonly stopsFor: CaReaders | undefined
  /** The same in words, and how to go on, each in one line. */
  readonly waiting: readonly string[]
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
  const everyNode = { ...options, skipUnreachable: false }
  return startPlannedRun('rke cert rotate --rotate-ca', deps, everyNode, async (operation) => {
    const offline = await openTarget(given, operation)
    const { state } = offline.session
    const immediately = options.immediately || state.caRotation?.immediately === true
    if (!immediately) refuseOwnCaFiles(offline.config)
    if (options.finish && state.caRotation === undefined) throw notBegun()
    const begun = await rotationOf(offline, operation)
    const shown = (plan: Plan, stopsFor?: CaReaders): AuthoritiesRotated => {
      const steps = shownSteps(plan, operation)
      return { plan, steps, leftOut: [], stopsFor, waiting: waitingLines(stopsFor) }
    }
    const isConfirmed = (planned: AuthoritiesRotated): Promise<boolean> =>
      isToBeDone(planned, options, operation, 'the CA was not rotated')
    return withMachines(offline, operation, WITHOUT_NODE, async (target) => {
      const earlier = state.caRotation ? undefined : await clockOfMachines(target.connected.nodes, operation)
      const rotation = earlier === undefined ? begun : await rotationOf(offline, operation, earlier)
      const text = keptKeyWarning(rotation.next[CLUSTER_CA])
      if (text !== undefined) operation.emit({ type: 'notice', level: 'warning', area: 'certificates', text })
      if (immediately) {
        return shown(await rotateImmediately(target, rotation, operation, (plan) => isConfirmed(shown(plan))))
      }
      const { plan, stopsFor } = await planStages(target, rotation, options, operation)
      const planned = shown(plan, stopsFor)
      if (!(await isConfirmed(planned))) return planned
      return shown(plan, await runStages(target, rotation, options, operation))
    })
  })
}

const WITHOUT_NODE =
  'while the API answers, take a node that is lost out of cluster.yml and run "rke up"; then run the same command again'

function notBegun(): PlanRefusedError {
  return new PlanRefusedError('no rotation of the CA was begun that could be finished', {
    step: 'rotate the CA',
    untouched: true,
    hint: 'begin one with "rke cert rotate --rotate-ca"',
  })
}
