import { posix } from 'node:path'
import { removeFiles } from '../../node/files/remove-files.ts'
import { SNAPSHOT_FOLDER } from '../../node-paths.ts'
import type { ActionHandler } from '../action-handler.ts'

export const snapshotRemove: ActionHandler<'snapshot.remove'> = {
  describe: ({ files }) =>
    files.length === 1 ? `remove snapshot ${files[0]}` : `remove ${files.length} files of snapshots`,
  async run({ node: address, image, files }, { node, signal }) {
    const paths = files.map((file) => posix.join(SNAPSHOT_FOLDER, file))
    await removeFiles(node(address), paths, { image, folder: SNAPSHOT_FOLDER, signal })
  },
}
