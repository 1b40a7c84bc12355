import { HELPER } from '../../container-names.ts'
import { boundFolders } from '../../node/helpers/bound-folders.ts'
import { runChecked } from '../../node/helpers/run-once.ts'
import type { ActionHandler } from '../action-handler.ts'

/** No file has an empty name. */
const SCRIPT = 'keep=$1; shift; find "$@" -mindepth 1 -maxdepth 1 ! -name "$keep" -exec rm -rf {} +'

export const foldersClear: ActionHandler<'folders.clear'> = {
  describe: (action) => `empty ${action.folders.join(', ')}`,
  async run(action, { node, signal }) {
    await runChecked(node(action.node), {
      name: HELPER.clearFolders,
      container: {
        Image: action.image,
        Cmd: ['sh', '-c', SCRIPT, HELPER.clearFolders, action.keep ?? '', ...action.folders],
        HostConfig: boundFolders(action.folders.map((folder) => `${folder}:${folder}`)),
      },
      signal,
    })
  },
}
