import { bucketOf } from '../../config/snapshot-bucket.ts'
import type { ContainerSpec } from '../container-spec.ts'
import type { ServiceContext } from '../service-context.ts'
import { bucketArguments, intervalArguments, saveArguments, snapshotHelper } from './snapshot-helper.ts'

const NAME = 'etcd-rolling-snapshots'

/** Takes a snapshot at every interval and deletes those that are too old. */
export function etcdRollingSnapshots({ backupImage, config, node, prefix }: ServiceContext): ContainerSpec {
  const container = snapshotHelper({
    name: NAME,
    image: backupImage,
    prefix,
    config,
    args: [
      ...saveArguments(NAME, node.internalAddress),
      ...scheduleArguments(config.services.etcd),
      ...bucketArguments(bucketOf(config)),
    ],
  })
  return { ...container, restart: 'always' }
}

function scheduleArguments({
  backupConfig,
  creation,
  retention,
}: ServiceContext['config']['services']['etcd']): readonly string[] {
  if (backupConfig === undefined) return [`--retention=${retention}`, `--creation=${creation}`]
  return intervalArguments(backupConfig)
}
