import { pipeline, type Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import tar from 'tar-stream'

/** An archive of images as `docker save` makes it, as far as names go. */
export async function imageArchive(refs: readonly string[]): Promise<Buffer> {
  const archive = tar.pack()
  archive.entry({ name: 'manifest.json' }, JSON.stringify(refs.map((ref) => ({ RepoTags: [ref] }))))
  archive.finalize()
  return await buffer(archive)
}

/** Names of the images in an archive, compressed or not. */
export async function archivedImages(archive: Readable): Promise<readonly string[]> {
  const bytes = await buffer(archive)
  const entries = tar.extract()
  pipeline(bytes[0] === 0x1f ? [gunzipSync(bytes)] : [bytes], entries, () => {})
  for await (const entry of entries) {
    const list: { RepoTags: string[] }[] = JSON.parse((await buffer(entry)).toString('utf8'))
    if (entry.header.name === 'manifest.json') return list.flatMap(({ RepoTags }) => RepoTags)
  }
  throw new Error('open manifest.json: no such file or directory')
}
