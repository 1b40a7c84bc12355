import { HELPER } from '../../container-names.ts'
import { runChecked } from '../../node/helpers/run-once.ts'
import type { ActionHandler } from '../action-handler.ts'

export const foldersClear: ActionHandler<'folders.clear'> = {
  describe: (action) => `empty ${action.folders.join(', ')}`,
  async run(action, { node, signal }) {
    await runChecked(node(action.node), {
      name: HELPER.clearFolders,
      container: {
        Image: action.image,
        Cmd: ['sh', '-c', 'find "$@" -mindepth 1 -delete', HELPER.clearFolders, ...action.folders],
        HostConfig: { Binds: action.folders.map((folder) => `${folder}:${folder}`), NetworkMode: 'none' },
      },
      signal,
    })
  },
}
