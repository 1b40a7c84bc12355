import type { ClusterConfig } from '../../config/cluster-config.ts'
import { upgradeLimit } from '../../config/upgrade-limit.ts'
import { ConfigError } from '../../errors.ts'
import { nodesWithRole, type Role } from '../../role.ts'
import type { DrainSettings } from '../action/drain.ts'
import { watchLagNodes } from './watch-lag-nodes.ts'

/** How much of a cluster may be out of service at once while it changes. */
export interface RolloutSettings {
  readonly maxUnavailableControlPlane: number
  readonly maxUnavailableWorkers: number
  /** Drain nodes whose components are replaced; `undefined`: only cordon them. */
  readonly drain: DrainSettings | undefined
  /** Drain nodes that leave; `undefined`: delete them as they are, as RKE does. */
  readonly drainLeaving: DrainSettings | undefined
}

/** More are never worked on at once, whatever a percentage of many nodes comes to. */
const MOST = 50

const GENTLE: Omit<DrainSettings, 'watchLag'> = {
  force: true,
  ignoreDaemonSets: true,
  deleteLocalData: true,
  gracePeriod: -1,
  timeout: 120,
}

/** `upgrade_strategy` as numbers. `drainLeaving: false`: nodes that leave are deleted with their pods on them. */
export function rolloutSettings(
  config: ClusterConfig,
  applied: ClusterConfig | undefined,
  drainLeaving: boolean,
): RolloutSettings {
  const { maxUnavailableControlplane, maxUnavailableWorker, drain, nodeDrainInput } = config.upgradeStrategy
  const watchLag = watchLagNodes(config, applied)
  const drainSettings = (defaults: typeof GENTLE): DrainSettings => ({
    ...defaults,
    ...nodeDrainInput,
    ignoreDaemonSets: nodeDrainInput?.ignoreDaemonSets ?? defaults.ignoreDaemonSets,
    watchLag,
  })
  const count = (role: Role): number => nodesWithRole(config.nodes, role).length
  return {
    maxUnavailableControlPlane: resolve(
      maxUnavailableControlplane,
      count('controlplane'),
      'max_unavailable_controlplane',
    ),
    maxUnavailableWorkers: resolve(maxUnavailableWorker, count('worker'), 'max_unavailable_worker'),
    drain: drain === true ? drainSettings({ ...GENTLE, force: false, deleteLocalData: false }) : undefined,
    // A node that leaves never comes back, so that what is kept on it is lost whatever is done.
    drainLeaving: drainLeaving ? drainSettings(GENTLE) : undefined,
  }
}

/** A number, or a percentage of `total` rounded down; at least one. */
function resolve(text: string, total: number, key: string): number {
  const limit = upgradeLimit(text)
  if (limit === undefined) {
    throw new ConfigError(
      `upgrade_strategy.${key}: ${text} is neither a number above 0 nor a percentage above 0%`,
      {
        hint: 'write for example "1" or "10%"',
      },
    )
  }
  const { amount, percent } = limit
  const resolved = percent ? Math.floor((amount * total) / 100) : amount
  return Math.min(Math.max(resolved, 1), MOST)
}
