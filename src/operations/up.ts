import { stepInfo } from '../actions/actions.ts'
import type { ClusterConfig } from '../config/cluster-config.ts'
import type { Run } from '../engine/run.ts'
import { ConnectionError, EtcdError, KubeError, PlanRefusedError } from '../errors.ts'
import type { Plan } from '../plan/model/plan.ts'
import { Secret } from '../secret.ts'
import { machineAccess } from '../session/connect/machine-access.ts'
import type { Deps, RunOptions } from '../session/deps.ts'
import { type Prepared, prepare } from '../session/prepare/prepare.ts'
import { type RunScope, startRedactedRun, stepWithoutSecrets } from '../session/run/redacted-run.ts'
import { runPlan } from '../session/run/run-plan.ts'
import { closing, exclusively } from '../session/state/exclusively.ts'
import { refuseForeignCopy, refuseMovedCopy } from '../session/state/foreign-copy.ts'
import { holdingLease } from '../session/state/holding-lease.ts'
import { runState } from '../session/state/run-state.ts'
import { copyDigest } from '../session/state/state-session.ts'
import type { UpResult } from './results.ts'

export interface UpOptions extends RunOptions {
  /** Do exactly this plan, and refuse if it is not what is to be done any more. */
  readonly plan?: Plan
}

/**
 * Makes the cluster what `config` says: plans, then does what is planned. Safe to run again at any time and
 * after any failure: each run does what is left.
 */
export function up(config: ClusterConfig, deps: Deps, options: UpOptions = {}): Run<UpResult> {
  return startRedactedRun(deps, (scope) =>
    exclusively(deps.store, 'rke up', options.signal, async () => {
      const prepared = await prepare(config, deps, options, scope.emit, scope.fill)
      return closing(prepared, () => apply(prepared, deps, options, scope))
    }),
  )
}

async function apply(
  prepared: Prepared,
  deps: Deps,
  options: UpOptions,
  { emit, hide }: RunScope,
): Promise<UpResult> {
  const { config, plan, session, bundle, nodes, kube, kubeFor, hasApi, etcd, copy, skipped } = prepared
  if (options.plan !== undefined && options.plan.hash !== plan.hash) throw planHasMoved()
  const { breakLock = false } = options
  const context = {
    ...machineAccess(nodes, { bundle, config, ecrLogin: deps.ecrLogin }),
    kube,
    kubeFor,
    etcd,
    time: deps.time,
    state: runState(session, breakLock),
  }
  const api = hasApi && plan.actions.length > 0 ? kube : undefined
  const { done, failed } = await holdingLease(api && kubeFor, deps, options, emit, async () => {
    if (!breakLock) refuseForeignCopy(session.state, copy)
    if (!breakLock && api !== undefined) await refuseMovedCopy(copy, api)
    const seen = copy !== undefined && plan.actions.length > 0 ? { copiesInCluster: [copyDigest(copy)] } : {}
    await session.save({ ...prepared.begun, ...seen })
    const kubeconfig = bundle['kube-admin']?.config
    if (kubeconfig) await deps.saveKubeconfig?.(new Secret(kubeconfig))
    return runPlan(plan, context, options, emit)
  })
  if (skipped.length > 0) throw provisioningIncomplete(skipped, prepared.held)
  if (prepared.postponed.length > 0) throw membersWait(prepared.postponed)
  if (prepared.encryptionWaits !== undefined) throw encryptionWaits(prepared.encryptionWaits)
  const steps = plan.actions.map((action) => stepWithoutSecrets(stepInfo(action), hide))
  const leftOut = [
    ...prepared.leftOut,
    ...failed.map(({ step, error }) => `${stepInfo(step).title}: ${error.message.replaceAll('\n', '; ')}`),
  ]
  return { plan, steps, done, leftOut: leftOut.map(hide) }
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
    hint: 'everything else is done; run the same command again now that etcd is mended',
  })
}

function encryptionWaits(why: string): KubeError {
  return new KubeError(`when the plan was made ${why}, so secrets_encryption_config is not applied yet`, {
    hint: 'everything else is done; run the same command again',
  })
}

function planHasMoved(): PlanRefusedError {
  return new PlanRefusedError('the cluster is no longer as it was when this plan was made', {
    step: 'compare with the given plan',
    hint: 'nothing was changed; make a new plan, read it, and run that one',
  })
}
