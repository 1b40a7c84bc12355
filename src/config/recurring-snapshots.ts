import type { ClusterConfig } from './cluster-config.ts'

/**
 * Whether the etcd nodes take snapshots by themselves. A `backup_config` that is switched off and says nothing
 * of intervals gets no defaults, and the helper refuses to run every 0 hours: it would only fail again and again.
 */
export function hasRecurringSnapshots({ services }: Pick<ClusterConfig, 'services'>): boolean {
  const { snapshot, backupConfig } = services.etcd
  if (backupConfig === undefined) return snapshot
  return snapshot && backupConfig.intervalHours > 0 && backupConfig.retention > 0
}
