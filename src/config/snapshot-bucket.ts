import type { ClusterConfig, S3BackupConfig } from './cluster-config.ts'
import { backupDefaults } from './defaults/service-defaults.ts'

/**
 * The configuration of one run on snapshots that uses another bucket than the cluster's: it takes the place of that
 * of the file as a whole, and a `backup_config` that is missing is made with its defaults, as RKE does with `--s3`. For
 * this run only: neither the state nor the cluster may get it.
 * @param bucket `undefined`: the configuration stays as it is. Placeholders in its keys are filled in with the others.
 */
export function withBucket(config: ClusterConfig, bucket: S3BackupConfig | undefined): ClusterConfig {
  if (bucket === undefined) return config
  const { services } = config
  const backupConfig = services.etcd.backupConfig ?? { ...backupDefaults, safeTimestamp: false }
  const etcd = { ...services.etcd, backupConfig: { ...backupConfig, s3BackupConfig: bucket } }
  return { ...config, services: { ...services, etcd } }
}

/** The bucket that snapshots are copied to; `undefined` if they stay on the nodes. */
export const bucketOf = ({ services }: Pick<ClusterConfig, 'services'>): S3BackupConfig | undefined =>
  services.etcd.backupConfig?.s3BackupConfig ?? undefined
