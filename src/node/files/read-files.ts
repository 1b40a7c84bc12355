import { posix } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { extract } from 'tar-stream'
import { HELPER } from '../../container-names.ts'
import { Secret } from '../../secret.ts'
import { withHelper } from '../helpers/helper-container.ts'
import type { Node } from '../node.ts'
import type { NodeAccess, NodeFile } from './node-file.ts'

export interface ReadOptions {
  /**
   * A container that is there already, running or not, and the folder where it sees `folder`. Nothing at all
   * is created on the node then.
   */
  readonly through?: { readonly container: string; readonly path: string }
  /** Else, an image that is on the node, for a helper container that is not started. */
  readonly image: string
  /** Of a run without a lock: the helper has a name of its own, and a folder that is missing is not made. Default: false. */
  readonly unlocked?: boolean
}

/** RKE's name for the helper that reads files. */
const MOUNT = '/read'

/** What is in a folder of a node, by absolute path. */
export interface FolderContent {
  /** Regular files. */
  readonly files: ReadonlyMap<string, NodeFile>
  /** The folder itself, and those below it. */
  readonly folders: ReadonlyMap<string, NodeAccess>
}

const NOTHING: FolderContent = { files: new Map(), folders: new Map() }

/** All that is in a folder of the node; nothing if there is no such folder. */
export async function readFolder(node: Node, folder: string, options: ReadOptions): Promise<FolderContent> {
  const { through, image, unlocked = false } = options
  const read = async (container: string, path: string): Promise<FolderContent> => {
    const archive = await node.docker.getArchive(container, path)
    return archive === undefined ? NOTHING : await readArchive(archive, folder)
  }
  if (through !== undefined) return await read(through.container, through.path)
  const bound = unlocked ? topFolder(folder) : folder
  return await withHelper(
    node,
    { name: unlocked ? HELPER.viewFiles : HELPER.readFiles, image, binds: [`${bound}:${MOUNT}`] },
    async (id) => await read(id, `${MOUNT}${folder.slice(bound.length)}`),
  )
}

/** `/etc` of `/etc/kubernetes/ssl`: a folder that is there, because Docker makes what it binds. */
const topFolder = (folder: string): string => folder.split('/').slice(0, 2).join('/')

/** All regular files below a folder of the node, by absolute path. Empty if there is no such folder. */
export async function readFiles(
  node: Node,
  folder: string,
  options: ReadOptions,
): Promise<ReadonlyMap<string, NodeFile>> {
  return (await readFolder(node, folder, options)).files
}

/** Reads Docker's archive of a folder, whose entries begin with the folder's last name. */
export async function readArchive(archive: Readable, folder: string): Promise<FolderContent> {
  const files = new Map<string, NodeFile>()
  const folders = new Map<string, NodeAccess>()
  const entries = archive.pipe(extract())
  archive.on('error', (error) => entries.destroy(error))
  const links: { readonly path: string; readonly target: string }[] = []
  const nodePath = (name: string): string => posix.join(folder, name.split('/').slice(1).join('/'))
  for await (const entry of entries) {
    const { name, type, mode = 0, uid = 0, gid = 0, mtime } = entry.header
    const content = await buffer(entry)
    const access = { mode: mode & 0o7777, uid, gid }
    if (type === 'link') links.push({ path: nodePath(name), target: nodePath(entry.header.linkname ?? '') })
    if (type === 'directory') folders.set(posix.resolve(nodePath(name)), access)
    if (type !== 'file') continue
    files.set(nodePath(name), {
      ...access,
      size: content.length,
      content: new Secret(content),
      ...(mtime && { modified: mtime.getTime() }),
    })
  }
  // Of a file with several names only one has the content in an archive.
  for (const { path, target } of links) {
    const file = files.get(target)
    if (file !== undefined) files.set(path, file)
  }
  return { files, folders }
}
