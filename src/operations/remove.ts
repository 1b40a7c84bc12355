import type { ActionContext } from '../actions/action-handler.ts'
import { runAction, stepInfo } from '../actions/actions.ts'
import type { ClusterConfig } from '../config/cluster-config.ts'
import { registryCredentials } from '../desired/registry.ts'
import { runSteps } from '../engine/engine.ts'
import type { Emit } from '../engine/events.ts'
import { type Run, startRun } from '../engine/run.ts'
import { KubeError } from '../errors.ts'
import type { Action } from '../plan/action.ts'
import { planRemoval } from '../plan/plan-removal.ts'
import { type Connected, connectNodes } from './connect-nodes.ts'
import type { Deps, RunOptions } from './deps.ts'
import { nodeAt } from './node-at.ts'
import { observeNodes } from './observe-cluster.ts'
import { throwUnlessDone } from './outcome.ts'
import type { RemoveResult } from './results.ts'

export interface RemoveOptions extends RunOptions {
  /** Delete the etcd snapshots on the nodes, too. Default: false. */
  readonly snapshots?: boolean
}

/**
 * Takes the cluster off all nodes of `config` and then deletes its state. Needs no state, so that it also
 * clears what a half-finished `up` left; can be repeated. If a node cannot be reached nothing is done.
 */
export function remove(config: ClusterConfig, deps: Deps, options: RemoveOptions = {}): Run<RemoveResult> {
  return startRun(async (emit) => {
    const lock = await deps.store.lock('rke remove', options.signal)
    try {
      const signal = AbortSignal.any([options.signal, options.abort].filter((one) => one !== undefined))
      const connected = await connectNodes(config, deps.transports, emit, { signal, maySkip: false })
      try {
        await removeFrom(connected, config, options, emit)
      } finally {
        await connected.close()
      }
      await deps.store.remove()
      return { cleaned: config.nodes.map(({ address }) => address) }
    } finally {
      await lock.release()
    }
  })
}

async function removeFrom(
  { nodes }: Connected,
  config: ClusterConfig,
  options: RemoveOptions,
  emit: Emit,
): Promise<void> {
  const { kubernetes, alpine } = config.systemImages
  const observed = await observeNodes(nodes, () => [kubernetes, alpine])
  const plan = planRemoval(config, observed, { snapshots: options.snapshots ?? false })
  emit({ type: 'planned', steps: plan.actions.map(stepInfo) })
  const context: Omit<ActionContext, 'signal' | 'progress'> = {
    config,
    applied: undefined,
    bundle: {},
    addons: new Map(),
    credentials: (image) => registryCredentials(image, config.privateRegistries),
    node: (address) => nodeAt(nodes, address),
    kube: () => Promise.reject(new KubeError('the cluster is being removed')),
    commitState: () => Promise.resolve(),
    stateText: () => '',
    warn: (area, text) => emit({ type: 'notice', level: 'warning', area, text }),
  }
  const outcome = await runSteps<Action>({
    steps: plan.actions,
    info: stepInfo,
    run: (action, step) => runAction(action, { ...context, ...step }),
    emit,
    ...(options.signal && { stop: options.signal }),
    ...(options.abort && { abort: options.abort }),
  })
  throwUnlessDone(outcome)
}
