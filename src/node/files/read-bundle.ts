import { posix } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { Secret } from '../../secret.ts'

/**
 * The regular files in a gzipped tar, by their names without folders. They may hold keys. Fails with the error of
 * the unpacker if it is none.
 */
export async function readBundle(bundle: Secret<Buffer>): Promise<ReadonlyMap<string, Secret<Buffer>>> {
  const files = new Map<string, Secret<Buffer>>()
  const unpacked = Readable.from([bundle.reveal()]).pipe(createGunzip())
  const entries = unpacked.pipe(extract())
  unpacked.on('error', (error) => entries.destroy(error))
  for await (const entry of entries) {
    const content = await buffer(entry)
    if (entry.header.type === 'file') files.set(posix.basename(entry.header.name), new Secret(content))
  }
  return files
}
