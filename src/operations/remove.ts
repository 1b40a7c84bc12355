import type { RunState } from '../actions/action-handler.ts'
import type { ClusterConfig } from '../config/cluster-config.ts'
import type { Emit } from '../engine/events.ts'
import type { Run } from '../engine/run.ts'
import { EtcdError, KubeError } from '../errors.ts'
import { waitForBootstrap } from '../kube/client/bootstrap.ts'
import type { KubeApi } from '../kube/client/kube-api.ts'
import { planRemoval } from '../plan/plan-removal.ts'
import { Secret } from '../secret.ts'
import { asNotices } from '../session/connect/bootstrapped.ts'
import { accessParts, type Connected, connectNodes } from '../session/connect/connect-nodes.ts'
import { machineAccess } from '../session/connect/machine-access.ts'
import { openKube } from '../session/connect/open-kube.ts'
import type { Deps, RunOptions } from '../session/deps.ts'
import { observeNodes } from '../session/prepare/observe-parts.ts'
import { endOf } from '../session/run/end-of-run.ts'
import { startRedactedRun } from '../session/run/redacted-run.ts'
import { runPlan } from '../session/run/run-plan.ts'
import { closing, exclusively } from '../session/state/exclusively.ts'
import { holdingLease } from '../session/state/holding-lease.ts'
import type { RemoveResult } from './results.ts'

export interface RemoveOptions extends RunOptions {
  /** Delete the etcd snapshots on the nodes, too. Default: false. */
  readonly snapshots?: boolean
}

/**
 * Removes the cluster from all nodes of `given` and then deletes its state. Needs no state, so that it also cleans up
 * after an unfinished `up`; can be repeated. If a node cannot be reached, or another run is changing the cluster,
 * nothing is done.
 */
export function remove(given: ClusterConfig, deps: Deps, options: RemoveOptions = {}): Run<RemoveResult> {
  return startRedactedRun(deps, async ({ emit, fill }) => {
    const config = await fill(given, accessParts)
    return exclusively(deps.store, 'rke remove', options.signal, async () => {
      const signal = endOf(options)
      const reach = { signal, maySkip: false }
      const connected = await connectNodes(config, config.nodes, deps.transports, emit, reach)
      await closing(connected, async () => {
        const work = () => removeFrom(connected, config, deps, options, emit)
        const api = await answeringApi(connected, config, deps, signal, emit)
        if (api === undefined) return work()
        await closing(api, () => holdingLease(async () => api, deps, options, emit, work))
      })
      await deps.store.remove()
      return { cleaned: config.nodes.map(({ address }) => address) }
    })
  })
}

const noApi = () => Promise.reject(new KubeError('the cluster is being removed'))

/** No step of a removal is about the state; it is deleted in the end. */
const unchanged: RunState = {
  commit: async () => {},
  recordEncryption: async () => {},
  mustBeOurs: () => {},
  copy: () => new Secret(''),
  expectCopy: async () => {},
  noteCopy: async () => {},
}

/**
 * The API, if there is a state with a key to it, and it can hold a lease: only then other runs may be changing the cluster.
 * What is broken is removed as well.
 */
async function answeringApi(
  { nodes }: Connected,
  config: ClusterConfig,
  { store, time }: Deps,
  signal: AbortSignal,
  emit: Emit,
): Promise<KubeApi | undefined> {
  let api: KubeApi | undefined
  try {
    const bundle = (await store.load())?.state.desiredState.certificatesBundle
    if (bundle === undefined) return undefined
    api = await openKube(config, nodes, bundle, signal)
    if ((await api.ready(signal)).ok) {
      await waitForBootstrap(api, 'objects', { signal, time, onProgress: asNotices(emit) })
      return api
    }
  } catch {
    // No lease can be taken there.
  }
  await api?.close()
  signal.throwIfAborted()
  return undefined
}

async function removeFrom(
  { nodes }: Connected,
  config: ClusterConfig,
  { ecrLogin }: Deps,
  options: RemoveOptions,
  emit: Emit,
): Promise<void> {
  const { kubernetes, alpine } = config.systemImages
  const observed = await observeNodes(nodes, () => [kubernetes, alpine])
  const plan = planRemoval(config, observed, { snapshots: options.snapshots ?? false })
  const context = {
    ...machineAccess(nodes, { bundle: {}, config, ecrLogin }),
    etcd: () => {
      throw new EtcdError('the cluster is being removed')
    },
    kube: noApi,
    kubeFor: noApi,
    state: unchanged,
  }
  await runPlan(plan, context, options, emit)
}
