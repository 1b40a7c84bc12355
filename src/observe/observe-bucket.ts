import { SnapshotError } from '../errors.ts'
import { inParallel } from '../in-parallel.ts'
import type { Bucket, S3Object } from '../s3/bucket.ts'
import type { ArchiveDirectory } from '../snapshots/archive-members.ts'
import { TAIL_BYTES } from '../snapshots/read-members.ts'
import { HEAD_BYTES, recogniseFile } from '../snapshots/recognise-file.ts'
import { fileNameOf, type SnapshotFile } from '../snapshots/snapshot.ts'
import { nameOfFile } from '../snapshots/snapshot-name.ts'

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
 * @param names only snapshots of exactly these names, without `.zip`
 * @throws S3Error, or a `CancelledError`.
 */
export async function observeBucket(
  bucket: Bucket,
  names: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<readonly StoredSnapshot[]> {
  const objects = await bucket.list(signal)
  const wanted = objects.filter(({ file }) => names === undefined || names.includes(nameOfFile(file)))
  const stored = await recogniseAll(bucket, wanted, signal)
  return stored.map((one) => ({ ...one, file: withShadow(one.file, objects, bucket) }))
}

/**
 * The snapshot of exactly this name in a bucket, without `.zip`, or `undefined`. Of an archive and a plain snapshot of the same name it
 * is the archive.
 * @throws SnapshotError if it cannot be restored; `S3Error`, or a `CancelledError`.
 */
export async function findInBucket(
  bucket: Bucket,
  name: string,
  signal: AbortSignal,
): Promise<StoredSnapshot | undefined> {
  const found = await observeBucket(bucket, [name], signal)
  const stored = found.find(({ file }) => file.form === 'archive') ?? found[0]
  if (stored?.file.problem === undefined) return stored
  throw new SnapshotError(`the snapshot ${name} in ${bucket.where} cannot be used`, {
    why: stored.file.problem,
    untouched: true,
  })
}

/**
 * RKE's helper downloads the first object whose key is that of the snapshot once everything behind its last dot is left out: one without
 * `.zip` before the archive.
 */
function withShadow(file: SnapshotFile, objects: readonly S3Object[], bucket: Bucket): SnapshotFile {
  const own = fileNameOf(file)
  const other = objects.find(
    (one) => one.file < own && (one.file === file.name || one.file.replace(/\.[^.]*$/, '') === file.name),
  )
  if (file.problem !== undefined) return file
  if (file.form === 'plain' && file.name.includes('.')) {
    return { ...file, problem: "RKE's helper does not download an object without .zip whose name has a dot" }
  }
  if (other === undefined) return file
  const key = bucket.keyOf(other.file)
  return {
    ...file,
    problem: `RKE's helper would download the object ${key} in its place: rename or remove that one`,
  }
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
