import { crc32, inflateRawSync } from 'node:zlib'
import { inParallel } from '../in-parallel.ts'
import type { Bucket } from '../s3/bucket.ts'
import type { ArchiveMember } from '../snapshots/archive-members.ts'
import { dataOffset, LOCAL_HEADER } from '../snapshots/member-data.ts'
import { fileNameOf } from '../snapshots/snapshot.ts'
import { type StateContent, stateContent } from '../snapshots/state-content.ts'
import { withinBudget } from '../snapshots/within-budget.ts'
import type { StoredSnapshot } from './observe-bucket.ts'

/** Bytes of state files, as they are packed, that are read for a list: those of some hundred snapshots. */
const BUDGET = 16 * 1024 * 1024

/** Objects that are read at the same time. */
const PARALLEL = 16

/** More than a member has in its local header besides its name. */
const EXTRA = 256

/**
 * The state files of snapshots in a bucket, the newest first as far as they are no more than 16 MiB. Only the bytes of
 * these files are read.
 * @throws S3Error, or a `CancelledError`.
 */
export async function readStoredStates(
  bucket: Bucket,
  stored: readonly StoredSnapshot[],
  signal: AbortSignal,
): Promise<ReadonlyMap<StoredSnapshot, StateContent>> {
  const found = new Map<StoredSnapshot, StateContent>()
  const chosen = withinBudget(stored, BUDGET, ({ directory }) => directory?.state?.compressedBytes ?? 0)
  await inParallel(chosen, PARALLEL, async (one) => {
    const member = one.directory?.state
    if (member === undefined || one.file.problem !== undefined) return
    found.set(one, stateContent(await contentOf(bucket, fileNameOf(one.file), member, signal)))
  })
  return found
}

/** `undefined` if the data is damaged. */
async function contentOf(
  bucket: Bucket,
  file: string,
  { name, offset, bytes, compressedBytes, crc32: sum }: ArchiveMember,
  signal: AbortSignal,
): Promise<string | undefined> {
  const length = LOCAL_HEADER + Buffer.byteLength(name) + EXTRA + compressedBytes
  const part = await bucket.read(file, { offset, length }, signal)
  try {
    const begin = dataOffset(part)
    const data = part.subarray(begin, begin + compressedBytes)
    const content = inflateRawSync(data, { maxOutputLength: bytes })
    return content.length === bytes && crc32(content) === sum ? content.toString('utf8') : undefined
  } catch {
    return undefined
  }
}
