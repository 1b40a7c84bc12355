import type { ClusterConfig } from '../../config/cluster-config.ts'
import { bucketOf, withBucket } from '../../config/snapshot-bucket.ts'
import { readingHelpers } from '../../container-names.ts'
import { SnapshotError } from '../../errors.ts'
import type { Node } from '../../node/node.ts'
import { findInBucket } from '../../observe/observe-bucket.ts'
import type { ChosenSnapshot } from '../../plan/snapshots/restore-view.ts'
import type { S3Object } from '../../s3/bucket.ts'
import { nameOfFile, snapshotName } from '../../snapshots/snapshot-name.ts'
import { closing } from '../closing.ts'
import { endOf } from '../end-of-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import { openSnapshotBucket } from '../snapshots/open-snapshot-bucket.ts'
import { readStored } from '../snapshots/read-stored.ts'
import { findSnapshot } from './find-snapshot.ts'
import { nearestNames } from './nearest-names.ts'
import type { RestoreOptions } from './restore-options.ts'

/** Where a snapshot is looked for. */
export interface SourceRequest {
  /** With secrets filled in. */
  readonly config: ClusterConfig
  /** The etcd nodes that are connected, in the order of cluster.yml. */
  readonly nodes: readonly Node[]
  /** The backup image, which all of them have. */
  readonly image: string
}

/** The snapshot that is asked for, read and verified, and the configuration with the bucket that it is in, if it is in one. */
export interface ReadSource {
  readonly snapshot: ChosenSnapshot
  readonly withBucket: ClusterConfig
}

/**
 * Reads the snapshot in the bucket, where the cluster, or this run, has one, else that of the first node that has it, as RKE
 * 1.6.3 does; `from` chooses a node. A bucket that fails is no reason to take another copy: it may be another snapshot.
 */
export async function readSource(
  { config, nodes, image }: SourceRequest,
  operation: Operation & { readonly options: RestoreOptions },
): Promise<ReadSource> {
  const { deps, options, emit } = operation
  const signal = endOf(options)
  const name = snapshotName(options.name)
  const helpers = readingHelpers(options)
  const ofRun = await operation.fill(withBucket(config, options.bucket))
  const first = nodes[0]
  if (bucketOf(ofRun) === undefined || options.from !== undefined || first === undefined) {
    const asked = options.from === undefined ? nodes : nodes.filter(({ address }) => address === options.from)
    if (asked.length === 0) throw noSuchNode(options.from ?? '')
    return {
      snapshot: await findSnapshot({ name, nodes: asked, image, helper: helpers.snapshots, signal, emit }),
      withBucket: ofRun,
    }
  }
  const connected = new Map(nodes.map((node) => [node.address, node]))
  const bucket = await openSnapshotBucket(ofRun, connected, operation)
  if (bucket === undefined) throw notInBucket(name, [])
  const stored = await closing(bucket, async () => {
    const found = await findInBucket(bucket, name, signal)
    if (found === undefined) throw notInBucket(name, await bucket.list(signal))
    return found
  })
  const onProgress = (text: string): void => emit({ type: 'notice', level: 'info', area: 's3', text })
  onProgress(`Reading the snapshot [${name}] of the bucket on host [${first.address}]`)
  const reading = { signal, time: deps.time, onProgress }
  const content = await readStored(first, { config: ofRun, image, file: stored.file, helpers }, reading)
  return { snapshot: { ...stored, content }, withBucket: ofRun }
}

function noSuchNode(address: string): SnapshotError {
  return new SnapshotError(`${address} is no etcd node of cluster.yml that is connected`, {
    step: 'find the snapshot',
    untouched: true,
    hint: 'name an etcd node with --from, by its address in cluster.yml',
  })
}

function notInBucket(name: string, objects: readonly S3Object[]): SnapshotError {
  const near = nearestNames(
    name,
    objects.map(({ file }) => nameOfFile(file)),
  )
  const others = near.length === 0 ? '' : `there are ${near.join(', ')}; `
  return new SnapshotError(`there is no snapshot ${name} in the bucket`, {
    step: 'find the snapshot',
    untouched: true,
    hint: `${others}take that of a node with --from ADDRESS; "rke etcd snapshot-ls" lists the snapshots of nodes and bucket`,
  })
}
