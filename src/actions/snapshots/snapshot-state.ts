import { uploadFiles } from '../../node/files/upload.ts'
import { inspectFolder } from '../../node/snapshots/inspect-folder.ts'
import { nameIsTaken } from '../../snapshots/name-is-taken.ts'
import type { ActionHandler } from '../action-handler.ts'

export const snapshotState: ActionHandler<'snapshot.state'> = {
  describe: ({ file }) => `write the state for the archive to ${file.path}`,
  async run({ file, folder, image, mustBeNew: name, node: address }, { node, signal }) {
    if (name !== undefined) {
      const { files } = await inspectFolder(node(address), { image, name }, signal)
      if (files.length > 0) throw nameIsTaken(name, [address])
    }
    await uploadFiles(node(address), [file], { image, folder })
  },
}
