import type { ArchiveMember } from './archive-members.ts'

/** Bytes of a local header of a zip file without its name. */
export const LOCAL_HEADER = 30

/** How many bytes the data of a member begins behind its local header's own beginning. */
export const dataOffset = (header: Buffer): number =>
  LOCAL_HEADER + header.readUInt16LE(26) + header.readUInt16LE(28)

/** The deflated data of a member, of the bytes of its archive; less of it if those end too early. */
export async function* memberData(
  archive: AsyncIterable<Buffer>,
  { offset, compressedBytes }: Pick<ArchiveMember, 'offset' | 'compressedBytes'>,
): AsyncGenerator<Buffer> {
  let header = Buffer.alloc(0)
  let end = 0
  for await (const piece of archive) {
    const begin = end
    end += piece.length
    const between = (from: number, to: number): Buffer =>
      piece.subarray(Math.max(0, from - begin), Math.max(0, to - begin))
    if (header.length < LOCAL_HEADER) {
      header = Buffer.concat([header, between(offset + header.length, offset + LOCAL_HEADER)])
      if (header.length < LOCAL_HEADER) continue
    }
    const from = offset + dataOffset(header)
    const part = between(from, from + compressedBytes)
    if (part.length > 0) yield part
  }
}
