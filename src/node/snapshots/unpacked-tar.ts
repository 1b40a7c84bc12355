import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import type { ArchiveMember } from '../../snapshots/archive-members.ts'
import { GZIP_HEADER, gzipTrailer } from '../../snapshots/gzip-form.ts'
import { memberData } from '../../snapshots/member-data.ts'

/** Tar files consist of such blocks, and end with two that are empty. */
const BLOCK = 512

/**
 * A tar file, as gzip packs it, that holds the content of a member of an archive under this name, mode 0600: Docker unpacks it while it
 * comes, and compares checksum and size. The deflated data goes from the one form into the other as it is.
 * @param archive the bytes of the archive
 */
export async function* unpackedTar(
  archive: AsyncIterable<Buffer>,
  name: string,
  member: ArchiveMember,
): AsyncGenerator<Buffer> {
  yield gzipSync(await tarHeader(name, member.bytes))
  yield GZIP_HEADER
  yield* memberData(archive, member)
  yield gzipTrailer(member)
  yield gzipSync(Buffer.alloc(((BLOCK - (member.bytes % BLOCK)) % BLOCK) + 2 * BLOCK))
}

async function tarHeader(name: string, size: number): Promise<Buffer> {
  const archive = pack()
  // Nobody writes the content here.
  archive.entry({ name, size, mode: 0o600 }).on('error', () => undefined)
  await once(archive, 'readable')
  const blocks: Buffer[] = []
  for (let block: unknown = archive.read(); Buffer.isBuffer(block); block = archive.read()) blocks.push(block)
  archive.destroy()
  return Buffer.concat(blocks)
}
