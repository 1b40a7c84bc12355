import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { bucketOf } from '../../config/snapshot-bucket.ts'
import { HELPER } from '../../container-names.ts'
import type { ContainerSpec } from '../container-spec.ts'
import { bucketArguments, intervalArguments, saveArguments, snapshotHelper } from './snapshot-helper.ts'

export interface SnapshotOnce {
  /** Name of the snapshot, without `.zip`. */
  readonly snapshot: string
  /** The backup image. */
  readonly image: string
  readonly prefix: string
  readonly node: Pick<ClusterNode, 'internalAddress'>
  /** With the bucket of the run and its secrets filled in. */
  readonly config: Pick<ClusterConfig, 'services' | 'kubernetesVersion'>
}

/**
 * Takes one snapshot and ends. Interval and retention are as RKE gives them, though they mean nothing to it; where they are not
 * above 0, with which the helper refuses to run, they are left out.
 */
export function etcdSnapshotOnce({ config, image, node, prefix, snapshot }: SnapshotOnce): ContainerSpec {
  const { backupConfig } = config.services.etcd
  const hasInterval =
    backupConfig !== undefined && backupConfig.intervalHours > 0 && backupConfig.retention > 0
  return snapshotHelper({
    name: HELPER.saveSnapshot,
    image,
    prefix,
    config,
    args: [
      ...saveArguments(snapshot, node.internalAddress),
      '--once',
      ...(hasInterval ? intervalArguments(backupConfig) : []),
      ...bucketArguments(bucketOf(config)),
    ],
  })
}
