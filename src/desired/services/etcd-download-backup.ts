import type { ClusterConfig } from '../../config/cluster-config.ts'
import { bucketOf } from '../../config/snapshot-bucket.ts'
import { HELPER } from '../../container-names.ts'
import { SCRATCH_FOLDER } from '../../node-paths.ts'
import type { ContainerSpec } from '../container-spec.ts'
import { bucketArguments, snapshotHelper } from './snapshot-helper.ts'

export interface DownloadHelper {
  /** With the secrets of the bucket filled in. */
  readonly config: Pick<ClusterConfig, 'services' | 'kubernetesVersion'>
  /** The backup image. */
  readonly image: string
  /** The node's prefix path. */
  readonly prefix: string
  /** Of the snapshot, without `.zip`. */
  readonly name: string
  /** Where it is written; RKE's scratch folder of restores by default, as no file of the snapshot folder may be overwritten. */
  readonly folder?: string
}

/** RKE's helper that copies a snapshot from the bucket to a node, and unpacks an archive beside it. */
export function etcdDownloadBackup({ config, image, prefix, name, folder }: DownloadHelper): ContainerSpec {
  return snapshotHelper({
    name: HELPER.downloadSnapshot,
    image,
    prefix,
    config,
    args: ['download', '--name', name, ...bucketArguments(bucketOf(config))],
    folder: folder ?? SCRATCH_FOLDER,
  })
}
