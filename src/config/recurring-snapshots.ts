import type { ClusterConfig } from './cluster-config.ts'

type Services = Pick<ClusterConfig, 'services'>

/** `backup_config` asks for snapshots that cannot be taken; RKE tries nevertheless. */
export interface SnapshotsReason {
  readonly kind: 'snapshots-impossible'
  readonly retention: number
  readonly intervalHours: number
}

/** Whether the etcd nodes take snapshots by themselves. */
export const hasRecurringSnapshots = (config: Services): boolean =>
  config.services.etcd.snapshot && noSnapshotsBecause(config) === undefined

/**
 * Why recurring snapshots are not taken though they are switched on, which RKE tries nevertheless. A `backup_config`
 * that is switched off gets no defaults, and the container refuses to run every 0 hours and to keep snapshots for 0 hours;
 * below 0 it crashes, or deletes each snapshot right after it is taken.
 */
export function noSnapshotsBecause({ services }: Services): SnapshotsReason | undefined {
  const { snapshot, backupConfig } = services.etcd
  if (!snapshot || backupConfig === undefined) return undefined
  const { intervalHours, retention } = backupConfig
  if (intervalHours > 0 && retention > 0) return undefined
  return { kind: 'snapshots-impossible', retention, intervalHours }
}
