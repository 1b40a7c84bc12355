import { stepInfo } from '../actions/actions.ts'
import type { ClusterConfig } from '../config/cluster-config.ts'
import { type Run, startRun } from '../engine/run.ts'
import type { Deps, RunOptions } from './deps.ts'
import { closing } from './exclusively.ts'
import { prepare } from './prepare.ts'
import type { PlanResult } from './results.ts'

/**
 * What `up` would do, and why. Reads the state, the nodes and Kubernetes; writes nothing anywhere. The plan can
 * be handed to `up`, which then does exactly this or refuses.
 */
export function plan(config: ClusterConfig, deps: Deps, options: RunOptions = {}): Run<PlanResult> {
  return startRun(async (emit) => {
    return closing(await prepare(config, deps, options, emit), async ({ plan }) => {
      const steps = plan.actions.map(stepInfo)
      emit({ type: 'planned', steps })
      return { plan, steps }
    })
  })
}
