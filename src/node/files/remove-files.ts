import { posix } from 'node:path'
import { HELPER } from '../../container-names.ts'
import { boundFolders } from '../helpers/bound-folders.ts'
import { runChecked } from '../helpers/run-once.ts'
import type { Node } from '../node.ts'

const MOUNT = '/remove'

/** Removes files below a folder of the node; those that are not there are no error. `image` must have `rm`. */
export async function removeFiles(
  node: Node,
  paths: readonly string[],
  options: { readonly image: string; readonly folder: string; readonly signal?: AbortSignal },
): Promise<void> {
  if (paths.length === 0) return
  const { image, folder, signal } = options
  await runChecked(node, {
    name: HELPER.changeFiles,
    container: {
      Image: image,
      Entrypoint: ['rm', '-f'],
      Cmd: paths.map((path) => posix.join(MOUNT, posix.relative(folder, path))),
      HostConfig: boundFolders([`${folder}:${MOUNT}`]),
    },
    ...(signal === undefined ? {} : { signal }),
  })
}
