import type { ClusterConfig } from '../../config/cluster-config.ts'
import { OF_UNLOCKED_STORED } from '../../container-names.ts'
import { S3Error, SnapshotError } from '../../errors.ts'
import type { Node } from '../../node/node.ts'
import type { DownloadOptions } from '../../node/snapshots/download-snapshot.ts'
import { observeBucket, type StoredSnapshot } from '../../observe/observe-bucket.ts'
import type { ObservedSnapshot, SnapshotSource } from '../../observe/observe-snapshots.ts'
import type { Bucket } from '../../s3/bucket.ts'
import { placeText } from '../../snapshots/snapshot.ts'
import { readStored } from './read-stored.ts'

/** What people call the place of snapshots in a bucket. */
export const BUCKET_PLACE = placeText({ kind: 's3', key: '' })

/** How the data of snapshots in a bucket is read: on a node, which RKE's helper downloads them to. */
export interface StoredReader extends Omit<DownloadOptions, 'signal'> {
  readonly node: Node
  /** Has the image pulled. */
  readonly prepare: (node: Node) => Promise<void>
  /** With the bucket of the run, secrets filled in. */
  readonly config: ClusterConfig
  /** The backup image. */
  readonly image: string
}

/**
 * The snapshots of a bucket. Their data is read only where all of it is asked for, one after the other: each is downloaded to a node
 * for that.
 * @param reader absent if no node is connected: then no data is read
 */
export function snapshotsOfBucket(bucket: Bucket, reader: StoredReader | undefined): SnapshotSource {
  return {
    where: BUCKET_PLACE,
    async observe({ names, budget }, signal) {
      const stored = await observeBucket(bucket, names, signal).catch((error: unknown) => {
        throw error instanceof S3Error ? failureOfPlace(error) : error
      })
      if (budget !== Number.POSITIVE_INFINITY || reader === undefined) return stored.map(asListed)
      await reader.prepare(reader.node)
      const read: ObservedSnapshot[] = []
      for (const one of stored) read.push(await readOne(one, reader, signal))
      return read
    },
  }
}

function asListed({ file }: StoredSnapshot): ObservedSnapshot {
  return file.problem === undefined ? { file } : { file, problem: file.problem }
}

async function readOne(
  { file }: StoredSnapshot,
  { config, image, node, ...options }: StoredReader,
  signal: AbortSignal,
): Promise<ObservedSnapshot> {
  if (file.problem !== undefined) return { file, problem: file.problem }
  try {
    const content = await readStored(
      node,
      { config, image, file, helpers: OF_UNLOCKED_STORED },
      { ...options, signal },
    )
    return { file, content }
  } catch (error) {
    if (error instanceof SnapshotError) return { file, problem: error.why ?? error.message }
    throw error
  }
}

/** A failure of the bucket as one of the place, not of the node by which it was reached. */
export function failureOfPlace(error: S3Error): S3Error {
  const { hint, host, kind, message, step = '' } = error
  return new S3Error(kind, message, {
    host: BUCKET_PLACE,
    step: host === undefined ? step : `${step} through ${host}`,
    cause: error,
    why: '',
    ...(hint !== undefined && { hint }),
  })
}
