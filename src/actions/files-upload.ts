import { prefixed } from '../desired/paths.ts'
import { uploadFiles } from '../node/upload.ts'
import type { ActionHandler } from './action-handler.ts'

export const filesUpload: ActionHandler<'files.upload'> = {
  describe: ({ files }) =>
    `write ${files.length} ${files.length === 1 ? 'file' : 'files'} below /etc/kubernetes`,
  async run(action, { node }) {
    const folder = prefixed(action.prefix, '/etc/kubernetes')
    await uploadFiles(node(action.node), action.files, { image: action.image, folder })
  },
}
