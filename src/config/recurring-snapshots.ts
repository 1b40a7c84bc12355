import type { ClusterConfig } from './cluster-config.ts'
import { durationMs } from './kubernetes/go-duration.ts'

type Services = Pick<ClusterConfig, 'services'>

/** Recurring snapshots are switched on, and none are taken; RKE tries nevertheless. */
export type SnapshotsReason =
  | { readonly kind: 'snapshots-disabled' }
  | {
      readonly kind: 'snapshots-impossible'
      /** What is asked for, in words: `backup_config asks for 0 snapshots, one every 12 hours`. */
      readonly asks: string
    }

/** Whether the etcd nodes take snapshots by themselves. */
export const hasRecurringSnapshots = (config: Services): boolean =>
  config.services.etcd.snapshot && noSnapshotsBecause(config) === undefined

/**
 * Why recurring snapshots are not taken though `snapshot` is on. `backup_config.enabled: false` switches them off; in RKE it
 * only leaves out the defaults. The container refuses to run every 0 hours and to keep snapshots for 0 hours; below 0 it
 * crashes, or deletes each snapshot right after it is taken.
 */
export function noSnapshotsBecause({ services }: Services): SnapshotsReason | undefined {
  const { backupConfig, creation, retention, snapshot } = services.etcd
  if (!snapshot) return undefined
  if (backupConfig === undefined) {
    if (isPositiveDuration(creation) && isPositiveDuration(retention)) return undefined
    return { kind: 'snapshots-impossible', asks: `creation is "${creation}", retention "${retention}"` }
  }
  if (backupConfig.enabled === false) return { kind: 'snapshots-disabled' }
  const { intervalHours, retention: count } = backupConfig
  if (intervalHours > 0 && count > 0) return undefined
  return {
    kind: 'snapshots-impossible',
    asks: `backup_config asks for ${count} snapshots, one every ${intervalHours} hours`,
  }
}

/** Whether a text is a duration as Go writes it, and not 0 or less. */
export const isPositiveDuration = (text: string): boolean => (durationMs(text) ?? 0) > 0
