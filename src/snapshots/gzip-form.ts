import type { ArchiveMember } from './archive-members.ts'

/** What a gzip file begins with: deflated data, without name and time. */
export const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])

/** What a gzip file ends with that has the deflated data of a member: CRC-32 and size, each in four bytes with the lowest first. */
export function gzipTrailer({ crc32, bytes }: Pick<ArchiveMember, 'crc32' | 'bytes'>): Buffer {
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc32, 0)
  trailer.writeUInt32LE(bytes % 2 ** 32, 4)
  return trailer
}
