import { asDesired } from '../config/applied-form.ts'
import type { ClusterConfig } from '../config/cluster-config.ts'
import type { Emit } from '../engine/events.ts'
import type { Run } from '../engine/run.ts'
import { refuseDangerousChanges, refuseNewAuthority } from '../plan/checks/guards.ts'
import { closing } from '../session/closing.ts'
import { connectNodes, reachOf } from '../session/connect/connect-nodes.ts'
import type { Deps, RunOptions } from '../session/deps.ts'
import { makeMaterial } from '../session/prepare/make-material.ts'
import { observeNodes } from '../session/prepare/observe-parts.ts'
import { startRedactedRun } from '../session/run/redacted-run.ts'
import { exclusively } from '../session/state/exclusively.ts'
import { StateSession } from '../session/state/state-session.ts'

export interface InitResult {
  /** Whether there was no state before. */
  readonly isNew: boolean
}

/**
 * Writes only the state of a cluster: its desired half gets the configuration, and the certificates and keys that it
 * needs. Nodes are contacted only if there is no state yet, because a running cluster must not get a new authority.
 */
export function initState(given: ClusterConfig, deps: Deps, options: RunOptions = {}): Run<InitResult> {
  return startRedactedRun(deps, options, async ({ emit, fill }) => {
    const config = await fill(given)
    return exclusively(deps.store, 'rke up --init', options.signal, async () => {
      const session = await StateSession.open(deps.store)
      const { exists, state } = session
      refuseDangerousChanges(state.currentState.rkeConfig, config)
      const { bundle, encryptionConfig } = await makeMaterial(config, state, deps, options, emit)
      if (!exists) await refuseLivingCluster(config, deps, options, emit)
      options.signal?.throwIfAborted()
      const material = {
        certificatesBundle: bundle,
        ...(encryptionConfig !== undefined && { encryptionConfig }),
      }
      await session.save({ desiredState: { rkeConfig: asDesired(given), ...material } })
      return { isNew: !exists }
    })
  })
}

async function refuseLivingCluster(
  config: ClusterConfig,
  deps: Deps,
  options: RunOptions,
  emit: Emit,
): Promise<void> {
  const reach = reachOf(options, deps, false)
  await closing(await connectNodes(config, config.nodes, deps.transports, emit, reach), async ({ nodes }) =>
    refuseNewAuthority(false, await observeNodes(nodes, () => [])),
  )
}
