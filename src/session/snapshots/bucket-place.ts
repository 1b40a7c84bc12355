import type { ClusterConfig } from '../../config/cluster-config.ts'
import { OF_UNLOCKED_STORED } from '../../container-names.ts'
import { S3Error, SnapshotError } from '../../errors.ts'
import type { Node } from '../../node/node.ts'
import type { DownloadOptions } from '../../node/snapshots/download-snapshot.ts'
import { observeBucket, type StoredSnapshot } from '../../observe/observe-bucket.ts'
import type { ObservedSnapshot, SnapshotSource } from '../../observe/observe-snapshots.ts'
import { readStoredStates } from '../../observe/read-stored-states.ts'
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
 * The snapshots of a bucket. Their databases are read only where all of them are asked for, one after the other: each is downloaded to
 * a node for that. State files are read in the bucket.
 * @param reader absent if no node is connected: then no data is read
 */
export function snapshotsOfBucket(bucket: Bucket, reader: StoredReader | undefined): SnapshotSource {
  return {
    where: BUCKET_PLACE,
    async observe({ names, budget }, signal) {
      const stored = await observeBucket(bucket, names, signal).catch(failPlace)
      if (budget !== Number.POSITIVE_INFINITY || reader === undefined) {
        return await asListed(bucket, stored, signal).catch(failPlace)
      }
      await reader.prepare(reader.node)
      const read: ObservedSnapshot[] = []
      for (const one of stored) read.push(await readOne(one, reader, signal))
      return read
    },
  }
}

async function asListed(
  bucket: Bucket,
  stored: readonly StoredSnapshot[],
  signal: AbortSignal,
): Promise<readonly ObservedSnapshot[]> {
  const states = await readStoredStates(bucket, stored, signal)
  return stored.map((one) => {
    const { file } = one
    const state = states.get(one)
    return { file, ...(state && { state }), ...(file.problem !== undefined && { problem: file.problem }) }
  })
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

function failPlace(error: unknown): never {
  throw error instanceof S3Error ? failureOfPlace(error) : error
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
