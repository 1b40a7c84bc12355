import { inParallel } from '../in-parallel.ts'
import type { Bucket, S3Object } from '../s3/bucket.ts'
import type { ArchiveDirectory } from '../snapshots/archive-members.ts'
import { TAIL_BYTES } from '../snapshots/read-members.ts'
import { HEAD_BYTES, recogniseFile } from '../snapshots/recognise-file.ts'
import type { SnapshotFile } from '../snapshots/snapshot.ts'
import { archiveFileName, nameOfFile } from '../snapshots/snapshot-name.ts'

/** Objects that are read at the same time. */
const PARALLEL = 16

/** A snapshot in a bucket, and where its members are. */
export interface StoredSnapshot {
  readonly file: SnapshotFile
  /** Of an archive without a problem. */
  readonly directory?: ArchiveDirectory
}

/**
 * The snapshots in the folder of a bucket, in the order of their names, known by the last 4 KiB of archives and the first bytes of plain
 * ones; other objects are left out. Their data is not read.
 * @throws S3Error, or a `CancelledError`.
 */
export async function observeBucket(bucket: Bucket, signal: AbortSignal): Promise<readonly StoredSnapshot[]> {
  return await recogniseAll(bucket, await bucket.list(signal), signal)
}

/**
 * The snapshot of exactly this name in a bucket, without `.zip`, or `undefined`. Of an archive and a plain snapshot of the same name it
 * is the archive.
 */
export async function findInBucket(
  bucket: Bucket,
  name: string,
  signal: AbortSignal,
): Promise<StoredSnapshot | undefined> {
  for (const file of [archiveFileName(name), name]) {
    const object = await bucket.stat(file, signal)
    const [found] = object === undefined ? [] : await recogniseAll(bucket, [object], signal)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * Objects that RKE's helper would download in the place of a snapshot: it takes the first one whose key is that of the snapshot once
 * everything behind its last dot is left out, an object without `.zip` before the archive.
 */
export function shadowing(objects: readonly S3Object[], { form, name }: SnapshotFile): readonly S3Object[] {
  const own = form === 'archive' ? archiveFileName(name) : name
  const withoutExtension = (file: string): string => file.replace(/\.[^.]*$/, '')
  return objects.filter(({ file }) => file < own && withoutExtension(file) === name)
}

async function recogniseAll(
  bucket: Bucket,
  objects: readonly S3Object[],
  signal: AbortSignal,
): Promise<readonly StoredSnapshot[]> {
  const found = new Map<S3Object, StoredSnapshot>()
  await inParallel(objects, PARALLEL, async (object) => {
    const one = await recognise(bucket, object, signal)
    if (one !== undefined) found.set(object, one)
  })
  return objects.flatMap((object) => found.get(object) ?? [])
}

async function recognise(
  bucket: Bucket,
  { bytes, file, modified }: S3Object,
  signal: AbortSignal,
): Promise<StoredSnapshot | undefined> {
  const isArchive = file !== nameOfFile(file)
  const length = Math.min(bytes, isArchive ? TAIL_BYTES : HEAD_BYTES)
  const part = await bucket.read(file, { offset: isArchive ? bytes - length : 0, length }, signal)
  const none = Buffer.alloc(0)
  const parts = isArchive ? { head: none, tail: part } : { head: part, tail: none }
  const known = await recogniseFile({ file, bytes, ...parts })
  if (known === undefined) return undefined
  const { directory, ...rest } = known
  const place = { kind: 's3', key: bucket.keyOf(file) } as const
  return { file: { ...rest, place, bytes, modified }, ...(directory && { directory }) }
}
