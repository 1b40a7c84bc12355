import type { ActionContext } from '../actions/action-handler.ts'
import { runAction, stepInfo } from '../actions/actions.ts'
import type { ClusterConfig } from '../config/cluster-config.ts'
import { registryCredentials } from '../desired/registry.ts'
import { runSteps } from '../engine/engine.ts'
import type { Emit } from '../engine/events.ts'
import { type Run, startRun } from '../engine/run.ts'
import { ConnectionError, PlanRefusedError } from '../errors.ts'
import type { Action } from '../plan/action.ts'
import type { Plan } from '../plan/plan.ts'
import { Secret } from '../secret.ts'
import { serialiseState } from '../state/state-json.ts'
import type { Deps, RunOptions } from './deps.ts'
import { nodeAt } from './node-at.ts'
import { throwUnlessDone } from './outcome.ts'
import { type Prepared, prepare } from './prepare.ts'
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
  return startRun(async (emit) => {
    const lock = await deps.store.lock('rke up', options.signal)
    try {
      const prepared = await prepare(config, deps, options, emit)
      try {
        return await apply(prepared, config, deps, options, emit)
      } finally {
        await prepared.close()
      }
    } finally {
      await lock.release()
    }
  })
}

async function apply(
  prepared: Prepared,
  config: ClusterConfig,
  deps: Deps,
  options: UpOptions,
  emit: Emit,
): Promise<UpResult> {
  const { plan, session, wanted } = prepared
  if (options.plan !== undefined && options.plan.hash !== plan.hash) throw planHasMoved()
  const steps = plan.actions.map(stepInfo)
  emit({ type: 'planned', steps })
  const applied = session.state.currentState.rkeConfig
  await session.save({ desiredState: wanted.desiredState })
  const kubeconfig = prepared.bundle['kube-admin']?.config
  if (kubeconfig) await deps.saveKubeconfig?.(new Secret(kubeconfig))
  const context: Omit<ActionContext, 'signal' | 'progress'> = {
    config,
    applied,
    bundle: prepared.bundle,
    addons: prepared.addons,
    credentials: (image) => registryCredentials(image, config.privateRegistries),
    node: (address) => nodeAt(prepared.nodes, address),
    kube: prepared.kube,
    commitState: () => session.save({ currentState: wanted.currentState }),
    stateText: () => serialiseState(session.state, 'compact'),
    warn: (area, text) => emit({ type: 'notice', level: 'warning', area, text }),
  }
  const outcome = await runSteps<Action>({
    steps: plan.actions,
    windows: plan.windows,
    info: stepInfo,
    run: (action, step) => runAction(action, { ...context, ...step }),
    emit,
    ...(options.signal && { stop: options.signal }),
    ...(options.abort && { abort: options.abort }),
  })
  throwUnlessDone(outcome)
  if (prepared.skipped.length > 0) throw provisioningIncomplete(prepared.skipped)
  return { plan, steps, done: outcome.done.length }
}

function provisioningIncomplete(skipped: readonly string[]): ConnectionError {
  const list = `[${skipped.join(',')}]`
  return new ConnectionError(
    'other',
    `Provisioning incomplete, host(s) ${list} skipped because they could not be contacted`,
    {
      hint: 'everything else is done; run the same command again when the hosts can be reached',
    },
  )
}

function planHasMoved(): PlanRefusedError {
  return new PlanRefusedError('the cluster is no longer as it was when this plan was made', {
    step: 'compare with the given plan',
    hint: 'nothing was changed; make a new plan, read it, and run that one',
  })
}
