import { posix } from 'node:path'
import { pack } from 'tar-stream'
import { HELPER } from '../../container-names.ts'
import { withHelper } from '../helpers/helper-container.ts'
import type { Node } from '../node.ts'
import type { WantedFile } from './node-file.ts'
import { packed } from './packed.ts'

export interface UploadOptions {
  /** An image that is on the node. */
  readonly image: string
  /** Folder on the node below which all the files are, such as `/etc/kubernetes`. Made if it is missing. */
  readonly folder: string
}

/** RKE's name for the helper that writes files, so that either program removes what the other left. */
const MOUNT = '/upload'
/** RKE leaves an empty folder of this name too. */
const STAGING = '.tmp'
const FOLDER_MODE = 0o755

/**
 * Writes all files of a node with one archive upload; nothing is started there. A file is either the old or
 * the new one, never half of it, also when the connection breaks. Other files are left alone.
 */
export async function uploadFiles(
  node: Node,
  files: readonly WantedFile[],
  options: UploadOptions,
): Promise<void> {
  if (files.length === 0) return
  const helper = { name: HELPER.changeFiles, image: options.image, binds: [`${options.folder}:${MOUNT}`] }
  const archive = await uploadArchive(files, options.folder)
  await withHelper(node, helper, (id) => node.docker.putArchive(id, MOUNT, archive))
}

/**
 * The archive. Docker writes a file of an archive in place; so each is written under a name of its own, then
 * hard-linked to its path, which replaces the old file at once. In the end that name becomes an empty folder,
 * as an archive can replace but not remove.
 */
export async function uploadArchive(files: readonly WantedFile[], folder: string): Promise<Buffer> {
  const archive = pack()
  for (const name of foldersOf(files, folder)) archive.entry({ name, type: 'directory', mode: FOLDER_MODE })
  for (const file of files) {
    const owner = { mode: file.mode, uid: file.uid ?? 0, gid: file.gid ?? 0 }
    archive.entry({ name: STAGING, ...owner }, file.content.reveal())
    // Docker sets owner and mode once more for the link.
    archive.entry({ name: posix.relative(folder, file.path), type: 'link', linkname: STAGING, ...owner })
  }
  archive.entry({ name: STAGING, type: 'directory', mode: FOLDER_MODE })
  archive.finalize()
  return await packed(archive)
}

/** Folders between `folder` and the files, outer ones first. */
function foldersOf(files: readonly WantedFile[], folder: string): readonly string[] {
  const found = new Set<string>()
  for (const { path } of files) {
    const parts = posix
      .dirname(posix.relative(folder, path))
      .split('/')
      .filter((part) => part !== '.')
    parts.forEach((_, index) => {
      found.add(parts.slice(0, index + 1).join('/'))
    })
  }
  return [...found].sort()
}
