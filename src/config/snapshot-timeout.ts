import type { ClusterConfig } from './cluster-config.ts'
import { backupDefaults } from './defaults/service-defaults.ts'

/**
 * Seconds that saving, copying, reading or restoring one snapshot may take: `services.etcd.backup_config.timeout`, and RKE's default
 * where that is missing, or is none: RKE leaves 0 where snapshots are not `enabled`.
 */
export function snapshotTimeout({ services }: Pick<ClusterConfig, 'services'>): number {
  const { timeout = 0 } = services.etcd.backupConfig ?? {}
  return timeout > 0 ? timeout : backupDefaults.timeout
}
