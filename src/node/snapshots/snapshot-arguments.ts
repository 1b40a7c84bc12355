import type { ArchiveMember } from '../../snapshots/archive-members.ts'
import { fileNameOf } from '../../snapshots/snapshot.ts'
import type { ListedSnapshot } from './list-snapshots.ts'

/** What `READ_SCRIPT` takes for one snapshot; `wanted` is the hash with which the database is kept. */
export function snapshotArguments({ file, directory }: ListedSnapshot, wanted = '-'): readonly string[] {
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
  return [String(member.offset), String(member.compressedBytes), gzipTrailer(member)]
}

/** CRC-32 and size, each in four bytes with the lowest first, as `printf` takes them. */
function gzipTrailer({ crc32, bytes }: ArchiveMember): string {
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc32, 0)
  trailer.writeUInt32LE(bytes % 2 ** 32, 4)
  return [...trailer].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
}
