import type { ClusterConfig } from '../config/cluster-config.ts'
import type { Run } from '../engine/run.ts'
import { ConnectionError, EtcdError, KubeError } from '../errors.ts'
import type { ApprovedPlan } from '../plan/approval/approved-plan.ts'
import { refuseForeignPlan, refuseMovedPlan } from '../plan/approval/moved-plan.ts'
import { refuseExpired } from '../plan/checks/expired-certificates.ts'
import type { Decision } from '../plan/decide.ts'
import { approvalOf, originOf } from '../session/approval/approval.ts'
import { askedRotation } from '../session/certificates/asked-rotation.ts'
import { closing } from '../session/closing.ts'
import type { Deps, RunOptions } from '../session/deps.ts'
import { connectPrepared } from '../session/prepare/connect-prepared.ts'
import { decidePlan } from '../session/prepare/decide-plan.ts'
import { leftOutManifests } from '../session/prepare/left-out.ts'
import { observeCluster } from '../session/prepare/observe-cluster.ts'
import { prepareAsked } from '../session/prepare/prepare-asked.ts'
import { applyDecision } from '../session/run/apply-decision.ts'
import { shownSteps } from '../session/run/planned-run.ts'
import { startRedactedRun } from '../session/run/redacted-run.ts'
import { failureText } from '../session/run/run-plan.ts'
import { exclusively } from '../session/state/exclusively.ts'
import { systemClock } from '../time.ts'
import type { UpResult } from './results.ts'

export interface UpOptions extends RunOptions {
  /**
   * Do exactly this plan, with the choices that it was made with, and refuse if something else would be done now. Own
   * certificates have to be given again.
   */
  readonly plan?: ApprovedPlan
}

/**
 * Makes the cluster what `config` says: plans, then does what is planned. Safe to run again at any time and
 * after any failure: each run does what is left.
 */
export function up(config: ClusterConfig, deps: Deps, given: UpOptions = {}): Run<UpResult> {
  const options = { ...given, ...given.plan?.options }
  return startRedactedRun(deps, options, (scope) =>
    exclusively(deps.store, 'rke up', options.signal, async () => {
      const operation = { ...scope, deps, options }
      const rotation = await askedRotation(config, false, operation)
      if (rotation !== undefined) return rotation
      const { given, offline } = await prepareAsked(config, operation)
      if (options.plan !== undefined) {
        refuseForeignPlan(options.plan, await originOf(config, offline, options))
      }
      return closing(await connectPrepared(offline, operation), async (access) => {
        const view = await observeCluster(given, offline, access, operation)
        refuseExpired(view, (deps.clock ?? systemClock)())
        const decision = await decidePlan(view, offline, access, operation)
        const { plan } = decision
        const session = await offline.session
        const steps = shownSteps(plan, scope)
        if (options.plan !== undefined) {
          refuseMovedPlan(options.plan, (await approvalOf(plan, steps, config, offline, options))())
        }
        const { done, failed } = await applyDecision(decision, session, access, operation)
        refuseIncomplete(decision)
        const leftOut = [...(await leftOutManifests(offline)), ...failed.map(failureText)]
        return { plan, steps, done, leftOut: leftOut.map(scope.hide) }
      })
    }),
  )
}

/** Fails where everything that could be done is done, and something must wait for another run. */
function refuseIncomplete({ basis, postponed }: Decision): void {
  const { seen, scope, encryption } = basis
  if (seen.unreachable.length > 0) {
    throw provisioningIncomplete(
      seen.unreachable,
      scope.held.map(({ address }) => address),
    )
  }
  if (postponed.length > 0) throw membersWait(postponed)
  if (encryption.waits !== undefined) throw encryptionWaits(encryption.waits)
}

function provisioningIncomplete(skipped: readonly string[], held: readonly string[]): ConnectionError {
  const list = `[${skipped.join(',')}]`
  const text = `Provisioning incomplete, host(s) ${list} skipped because they could not be contacted`
  const staying = held.length === 0 ? '' : `, but for ${held.join(', ')}, whose pods may have no other place`
  return new ConnectionError('other', text, {
    hint: `everything else is done${staying}; run the same command again when the hosts can be reached`,
  })
}

function membersWait(postponed: readonly string[]): EtcdError {
  const text = `etcd did not answer when the plan was made, so its members on [${postponed.join(',')}] stay as they were`
  return new EtcdError(text, {
    hint: 'everything else is done; run the same command again now that etcd is repaired',
  })
}

function encryptionWaits(why: string): KubeError {
  return new KubeError(`when the plan was made ${why}, so secrets_encryption_config is not applied yet`, {
    hint: 'everything else is done; run the same command again',
  })
}
