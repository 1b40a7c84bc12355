import { stepInfo } from '../actions/actions.ts'
import type { ClusterConfig } from '../config/cluster-config.ts'
import type { Run } from '../engine/run.ts'
import type { Deps, RunOptions } from '../session/deps.ts'
import { prepare } from '../session/prepare/prepare.ts'
import { startRedactedRun, stepWithoutSecrets } from '../session/run/redacted-run.ts'
import { closing } from '../session/state/exclusively.ts'
import { FOREIGN_COPY, isForeignCopy } from '../session/state/foreign-copy.ts'
import type { PlanResult } from './results.ts'

/**
 * What `up` would do, and why. Reads the state, the nodes and Kubernetes; writes nothing anywhere. The plan can
 * be handed to `up`, which then does exactly this or refuses.
 */
export function plan(config: ClusterConfig, deps: Deps, options: RunOptions = {}): Run<PlanResult> {
  return startRedactedRun(deps, async ({ emit, fill, hide }) => {
    return closing(await prepare(config, deps, options, emit, fill), async (prepared) => {
      const { plan } = prepared
      if (isForeignCopy(prepared.session.state, prepared.copy)) {
        const text = `${FOREIGN_COPY}: "rke up" would refuse this plan`
        emit({ type: 'notice', level: 'warning', area: 'state', text })
      }
      const steps = plan.actions.map((action) => stepWithoutSecrets(stepInfo(action), hide))
      emit({ type: 'planned', steps })
      return { plan, steps, leftOut: prepared.leftOut.map(hide) }
    })
  })
}
