import type { ClusterConfig } from '../../config/cluster-config.ts'
import { withLoginsOf } from '../../config/with-logins.ts'
import { readingHelpers } from '../../container-names.ts'
import { refuseSkipping } from '../../plan/checks/guards.ts'
import { clusterBefore } from '../../plan/snapshots/cluster-before.ts'
import type { AbortView } from '../../plan/snapshots/plan-abort.ts'
import { restoredState } from '../../plan/snapshots/restored-state.ts'
import type { ClusterState, Restoring } from '../../state/cluster-state.ts'
import type { Connected } from '../connect/connect-nodes.ts'
import { machineAccess } from '../connect/machine-access.ts'
import { endOf } from '../end-of-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import { machinesWithData } from './former-data.ts'
import type { PreparedAgain } from './prepare-again.ts'
import { pullMissing } from './pull-missing.ts'
import type { RestoreWays } from './restore-ways.ts'

/** From what to where a way back leads. */
export interface WayBack {
  /** cluster.yml */
  readonly given: ClusterConfig
  /** The state from before the restore. */
  readonly before: ClusterState
  readonly restoring: Restoring
}

/** The cluster that was applied last before a restore; keys and users of its machines may be others since. */
export const appliedBefore = ({ given, before }: Pick<WayBack, 'given' | 'before'>): ClusterConfig =>
  withLoginsOf(before.currentState.rkeConfig ?? given, given)

/**
 * Looks for the data of etcd that was there before a restore, makes what that cluster needs to be built again, and observes its
 * machines. An image that is needed to look is pulled where there is none; nothing else is written anywhere.
 */
export async function prepareAbort<A extends Pick<PreparedAgain, 'target' | 'machines'>>(
  { given, before, restoring }: WayBack,
  connected: Connected,
  ways: RestoreWays<A>,
  { deps, options, emit, fill }: Operation & { readonly options: { readonly dryRun?: boolean } },
): Promise<A & { readonly view: AbortView }> {
  const signal = endOf(options)
  const applied = appliedBefore({ given, before })
  const { startedAt: restore } = restoring
  const login = machineAccess(connected.nodes, {
    bundle: {},
    config: await fill(applied),
    ecrLogin: deps.ecrLogin,
  })
  const withData = await machinesWithData(connected.nodes, await ways.observe(applied), {
    config: applied,
    restore,
    helper: readingHelpers(options).etcdData,
    pull: (node, image) => pullMissing([node], image, login, emit, signal),
    signal,
  })
  const unreachable = connected.skipped.flatMap(({ host }) => host ?? [])
  const config = clusterBefore(applied, before, { ...restoring, withData, unreachable })
  const built = { state: restoredState(before), images: [], keepsEncryption: true }
  const again = await ways.again(config, built)
  const { machines, target } = again
  refuseSkipping(target.wanted.config, target.wanted.config, target.seen.unreachable)
  return { ...again, view: { before, restore, machines, target } }
}
