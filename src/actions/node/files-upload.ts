import { uploadFiles } from '../../node/files/upload.ts'
import type { ActionHandler } from '../action-handler.ts'

export const filesUpload: ActionHandler<'files.upload'> = {
  describe: ({ files }) =>
    `write ${files.length} ${files.length === 1 ? 'file' : 'files'} below /etc/kubernetes`,
  async run(action, { node }) {
    await uploadFiles(node(action.node), action.files, { image: action.image, folder: action.folder })
  },
}
