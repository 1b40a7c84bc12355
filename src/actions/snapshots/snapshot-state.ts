import { uploadFiles } from '../../node/files/upload.ts'
import type { ActionHandler } from '../action-handler.ts'

export const snapshotState: ActionHandler<'snapshot.state'> = {
  describe: ({ file }) => `write the state for the archive to ${file.path}`,
  async run({ file, folder, image, node: address }, { node }) {
    await uploadFiles(node(address), [file], { image, folder })
  },
}
