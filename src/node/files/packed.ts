import type { Pack } from 'tar-stream'

/** The bytes of an archive that is complete, in one piece. */
export async function packed(archive: Pack): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of archive as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts)
}
