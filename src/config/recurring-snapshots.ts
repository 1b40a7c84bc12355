import { differsFromRke } from '../differs-from-rke.ts'
import type { ClusterConfig } from './cluster-config.ts'

type Services = Pick<ClusterConfig, 'services'>

/** Whether the etcd nodes take snapshots by themselves. */
export const hasRecurringSnapshots = (config: Services): boolean =>
  config.services.etcd.snapshot && noSnapshotsBecause(config) === undefined

/**
 * Why recurring snapshots are not taken though they are switched on, which RKE tries nevertheless. A `backup_config`
 * that is switched off gets no defaults, and the container refuses to run every 0 hours and to keep snapshots for 0 hours;
 * below 0 it crashes, or deletes each snapshot right after it is taken.
 */
export function noSnapshotsBecause({ services }: Services): string | undefined {
  const { snapshot, backupConfig } = services.etcd
  if (!snapshot || backupConfig === undefined) return undefined
  const { intervalHours, retention } = backupConfig
  if (intervalHours > 0 && retention > 0) return undefined
  return differsFromRke(`backup_config asks for ${retention} snapshots, one every ${intervalHours} hours`)
}
