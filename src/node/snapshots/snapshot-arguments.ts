import type { ArchiveDirectory, ArchiveMember } from '../../snapshots/archive-members.ts'
import { gzipTrailer } from '../../snapshots/gzip-form.ts'
import { fileNameOf, type SnapshotFile } from '../../snapshots/snapshot.ts'

/** In the place of the hash: the database is read, and nothing is kept. */
const ONLY_READ = '-'

/** The same; whoever put the archive there has unpacked the database beside it, and it is read from there. */
export const UNPACKED = '+'

/** A snapshot as far as reading it takes. */
export interface ReadableSnapshot {
  readonly file: Pick<SnapshotFile, 'name' | 'form' | 'databaseBytes'>
  /** Without a state that is not read. */
  readonly directory?: ArchiveDirectory | undefined
}

/** What `READ_SCRIPT` takes for one snapshot; `wanted` is the hash with which the database is kept. */
export function snapshotArguments(
  { file, directory }: ReadableSnapshot,
  wanted = ONLY_READ,
): readonly string[] {
  return [
    fileNameOf(file),
    file.form,
    String(file.databaseBytes ?? 0),
    ...memberArguments(directory?.database),
    ...memberArguments(directory?.state),
    wanted,
  ]
}

/** Offset, length and the end of a gzip file for the deflated data; zeros and nothing where there is no member. */
function memberArguments(member: ArchiveMember | undefined): readonly string[] {
  if (member === undefined) return ['0', '0', '']
  return [String(member.offset), String(member.compressedBytes), octal(gzipTrailer(member))]
}

/** Bytes as `printf` takes them. */
export const octal = (bytes: Buffer): string =>
  [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
