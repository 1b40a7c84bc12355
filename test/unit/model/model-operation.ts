import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import type { Material } from '../../../src/desired/desired-cluster.ts'
import type { Event } from '../../../src/engine/events.ts'
import { ConnectionError } from '../../../src/errors.ts'
import type { Plan } from '../../../src/plan/model/plan.ts'
import { bootstrapped } from '../../../src/session/connect/bootstrapped.ts'
import { runPlan } from '../../../src/session/run/run-plan.ts'
import { holdingLease } from '../../../src/session/state/holding-lease.ts'
import { runState } from '../../../src/session/state/run-state.ts'
import type { StateSession } from '../../../src/session/state/state-session.ts'
import type { DirectRun } from '../../sim/direct/direct-run.ts'
import { catalog } from '../fixture.ts'
import type { ModelAccess } from './model-access.ts'
import { ignore, type ModelCluster, type Prepared } from './model-cluster.ts'

/** What the operations of the program are handed, on simulated machines. */
export function operationOf<O>(model: ModelCluster, run: DirectRun, options: O) {
  const { store, time } = model
  const transports = {
    open: () => Promise.reject(new ConnectionError('other', 'machines are asked by calls')),
  }
  return {
    deps: { transports, store: store.of(run.signal), catalog, time, keys: model.newKeys() },
    options: { ...options, abort: run.signal },
    emit: ignore,
    fill: async (config: ClusterConfig) => config,
    hide: (text: string) => text,
  }
}

interface Planned {
  readonly run: DirectRun
  readonly session: StateSession
  readonly access: ModelAccess
  readonly bundle: Material['bundle']
  readonly plan: Plan
  /** What holds while it is done; by default the lease, where there is an API. */
  readonly around?: (work: () => Promise<void>) => Promise<void>
}

/** A plan that was made, ready to be done. */
export function prepared(
  model: ModelCluster,
  { run, session, access, bundle, plan, around }: Planned,
): Prepared {
  const kubeFor = bootstrapped(access.kube, undefined, model.time)
  const saved = runState(session)
  const context = {
    ...model.contextOf(access, run, bundle),
    kubeFor,
    state: () => saved,
  }
  const options = { owner: 'model', abort: run.signal }
  const apply = async (onEvent: (event: Event) => void = ignore): Promise<void> => {
    const work = async (): Promise<void> => {
      await runPlan(plan, context, options, onEvent)
    }
    if (around !== undefined) return around(work)
    const api = await access.kube().catch(() => undefined)
    await holdingLease(api && (async () => api), {}, options, onEvent, work)
  }
  return { plan, run, apply }
}
