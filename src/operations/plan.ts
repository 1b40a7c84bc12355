import type { ClusterConfig } from '../config/cluster-config.ts'
import type { Run } from '../engine/run.ts'
import { PlanRefusedError } from '../errors.ts'
import { refuseExpired } from '../plan/checks/expired-certificates.ts'
import { approvalOf } from '../session/approval/approval.ts'
import { askedRotation } from '../session/certificates/asked-rotation.ts'
import type { Rotation } from '../session/certificates/rotate.ts'
import { closing } from '../session/closing.ts'
import type { Deps, RunOptions } from '../session/deps.ts'
import { connectPrepared } from '../session/prepare/connect-prepared.ts'
import { decidePlan } from '../session/prepare/decide-plan.ts'
import { leftOutManifests } from '../session/prepare/left-out.ts'
import { observeCluster } from '../session/prepare/observe-cluster.ts'
import { prepareAsked } from '../session/prepare/prepare-asked.ts'
import { shownSteps } from '../session/run/planned-run.ts'
import { startRedactedRun } from '../session/run/redacted-run.ts'
import { FOREIGN_COPY, isForeignCopy } from '../session/state/foreign-copy.ts'
import { systemClock } from '../time.ts'
import type { PlanResult } from './results.ts'

/**
 * What `up` would do, and why. Reads the state, the nodes and Kubernetes; writes nothing anywhere. The plan can
 * be handed to `up`, which then does exactly this or refuses.
 */
export function plan(config: ClusterConfig, deps: Deps, options: RunOptions = {}): Run<PlanResult> {
  return startRedactedRun(deps, options, async (scope) => {
    const operation = { ...scope, deps, options }
    const { emit, hide } = scope
    const rotation = await askedRotation(config, true, operation)
    if (rotation !== undefined) return notToBeSaved(rotation)
    const { given, offline } = await prepareAsked(config, operation)
    return closing(await connectPrepared(offline, operation), async (access) => {
      const view = await observeCluster(given, offline, access, operation)
      refuseExpired(view, (deps.clock ?? systemClock)())
      const { plan } = await decidePlan(view, offline, access, operation)
      if (isForeignCopy(view.known.state, view.seen.kube?.stateCopy)) {
        const text = `${FOREIGN_COPY}: "rke up" would refuse this plan`
        emit({ type: 'notice', level: 'warning', area: 'state', text })
      }
      const steps = shownSteps(plan, scope)
      emit({ type: 'planned', steps })
      const approved = await approvalOf(plan, steps, config, offline, options)
      const leftOut = (await leftOutManifests(offline)).map(hide)
      return {
        plan,
        steps,
        leftOut,
        get approved() {
          return approved()
        },
      }
    })
  })
}

/** Each plan of a rotation has other certificates. */
function notToBeSaved(rotation: Rotation): PlanResult {
  return {
    ...rotation,
    get approved(): never {
      throw new PlanRefusedError('the plan of a rotation of certificates cannot be approved beforehand', {
        step: 'plan',
        untouched: true,
        hint: 'take rotate_certificates out of cluster.yml, and rotate with "rke cert rotate"',
      })
    },
  }
}
