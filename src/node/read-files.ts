import { posix } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { extract } from 'tar-stream'
import { Secret } from '../secret.ts'
import { withHelper } from './helper-container.ts'
import type { Node } from './node.ts'
import type { NodeFile } from './node-file.ts'

export interface ReadOptions {
  /**
   * A container that is there already, running or not, and the folder where it sees `folder`. Nothing at all
   * is created on the node then.
   */
  readonly through?: { readonly container: string; readonly path: string }
  /** Else, an image that is on the node, for a helper container that is not started. */
  readonly image: string
}

/** RKE's name for the helper that reads files. */
const HELPER = 'cert-fetcher'
const MOUNT = '/read'

/** All regular files below a folder of the node, by absolute path. Empty if there is no such folder. */
export async function readFiles(
  node: Node,
  folder: string,
  options: ReadOptions,
): Promise<ReadonlyMap<string, NodeFile>> {
  const { through } = options
  if (through !== undefined) {
    const archive = await node.docker.getArchive(through.container, through.path)
    return archive === undefined ? new Map() : await readArchive(archive, folder)
  }
  return await withHelper(
    node,
    { name: HELPER, image: options.image, binds: [`${folder}:${MOUNT}`] },
    async (id) => {
      const archive = await node.docker.getArchive(id, MOUNT)
      return archive === undefined ? new Map() : await readArchive(archive, folder)
    },
  )
}

/** Reads Docker's archive of a folder, whose entries begin with the folder's last name. */
export async function readArchive(archive: Readable, folder: string): Promise<Map<string, NodeFile>> {
  const files = new Map<string, NodeFile>()
  const entries = archive.pipe(extract())
  archive.on('error', (error) => entries.destroy(error))
  const links: { readonly path: string; readonly target: string }[] = []
  const nodePath = (name: string): string => posix.join(folder, name.split('/').slice(1).join('/'))
  for await (const entry of entries) {
    const { name, type, mode = 0, uid = 0, gid = 0 } = entry.header
    const content = await buffer(entry)
    if (type === 'link') links.push({ path: nodePath(name), target: nodePath(entry.header.linkname ?? '') })
    if (type !== 'file') continue
    files.set(nodePath(name), {
      mode: mode & 0o7777,
      uid,
      gid,
      size: content.length,
      content: new Secret(content),
    })
  }
  // Of a file with several names only one has the content in an archive.
  for (const { path, target } of links) {
    const file = files.get(target)
    if (file !== undefined) files.set(path, file)
  }
  return files
}
