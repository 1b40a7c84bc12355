import { posix } from 'node:path'
import { removeFiles } from '../../node/files/remove-files.ts'
import type { ActionHandler } from '../action-handler.ts'

export const filesRemove: ActionHandler<'files.remove'> = {
  describe: ({ paths }) => `remove ${paths.map((path) => posix.basename(path)).join(', ')}`,
  async run({ node: address, paths, image, folder }, { node, signal }) {
    await removeFiles(node(address), paths, { image, folder, signal })
  },
}
