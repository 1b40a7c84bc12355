import { openCatalog } from '../../catalog/open-catalog.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { ConfigError, type RkeError, S3Error } from '../../errors.ts'
import type { Node } from '../../node/node.ts'
import { type SnapshotSource, snapshotsOfNode } from '../../observe/observe-snapshots.ts'
import { nodesWithRole } from '../../role.ts'
import type { Bucket } from '../../s3/bucket.ts'
import { type Connected, connectNodes, reachOf } from '../connect/connect-nodes.ts'
import { type MachineAccess, machineAccess } from '../connect/machine-access.ts'
import { endOf } from '../end-of-run.ts'
import { pullMissing } from '../restore/pull-missing.ts'
import type { Operation } from '../run/redacted-run.ts'
import { failureOfPlace, snapshotsOfBucket } from './bucket-place.ts'
import { openSnapshotBucket } from './open-snapshot-bucket.ts'

/** Everything that keeps snapshots of a cluster, connected. Close it. */
export interface SnapshotPlaces {
  readonly sources: readonly SnapshotSource[]
  /** Why each of the other places cannot be used; empty unless they may be left out. */
  readonly failures: readonly RkeError[]
  /** The image of the containers that read and remove snapshots. */
  readonly image: string
  readonly access: MachineAccess
  /** The bucket; absent without one, and if it cannot be used. */
  readonly bucket: Bucket | undefined
  close(): Promise<void>
}

/**
 * Connects to all etcd nodes of a cluster, and through one of them to the bucket, if there is one.
 * @param config With the bucket of the run, secrets filled in.
 * @param maySkip Places that cannot be reached are left out.
 */
export async function openSnapshotPlaces(
  config: ClusterConfig,
  operation: Operation,
  maySkip: boolean,
): Promise<SnapshotPlaces> {
  const { deps, emit, options } = operation
  const members = nodesWithRole(config.nodes, 'etcd')
  if (members.length === 0) throw noEtcdNodes()
  const catalog = deps.catalog ?? (await openCatalog())
  const image = catalog.backupImage(config.systemImages.alpine)
  const reach = reachOf(options, deps, maySkip)
  const connected = await connectNodes(config, members, deps.transports, emit, reach)
  const { ecrLogin, time } = deps
  const access = machineAccess(connected.nodes, { bundle: {}, config, ecrLogin, time })
  const prepare = (node: Node): Promise<void> => pullMissing([node], image, access, emit, endOf(options))
  const nodes = members.flatMap(({ address }) => connected.nodes.get(address) ?? [])
  const { bucket, failures } = await openBucketOf(config, connected, operation, maySkip)
  const [node] = nodes
  const onProgress = (text: string): void => emit({ type: 'notice', level: 'info', area: 's3', text })
  const reader = node && { node, prepare, config, image, time, onProgress }
  return {
    sources: [
      ...nodes.map((each) => prepared(each, image, prepare)),
      ...(bucket === undefined ? [] : [snapshotsOfBucket(bucket, reader)]),
    ],
    failures: [...connected.skipped, ...failures],
    image,
    access,
    bucket,
    close: async () => {
      await bucket?.close()
      await connected.close()
    },
  }
}

/** The bucket, or why it cannot be used. */
async function openBucketOf(
  config: ClusterConfig,
  connected: Connected,
  operation: Operation,
  maySkip: boolean,
): Promise<{ readonly bucket?: Bucket | undefined; readonly failures: readonly RkeError[] }> {
  try {
    return { bucket: await openSnapshotBucket(config, connected.nodes, operation), failures: [] }
  } catch (thrown) {
    if (maySkip && thrown instanceof S3Error) return { failures: [failureOfPlace(thrown)] }
    await connected.close()
    throw thrown
  }
}

function prepared(node: Node, image: string, prepare: (node: Node) => Promise<void>): SnapshotSource {
  const { where, observe } = snapshotsOfNode(node, image)
  return {
    where,
    async observe(question, signal) {
      await prepare(node)
      return observe(question, signal)
    },
  }
}

function noEtcdNodes(): ConfigError {
  return new ConfigError('the cluster has no etcd nodes, and so no snapshots of its own', {
    untouched: true,
    hint: 'take snapshots where the external etcd runs',
  })
}
