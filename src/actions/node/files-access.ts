import { HELPER } from '../../container-names.ts'
import { setAccess } from '../../node/files/set-access.ts'
import type { ActionHandler } from '../action-handler.ts'

export const filesAccess: ActionHandler<'files.access'> = {
  describe: () => 'set modes and owners below /etc/kubernetes',
  async run({ node: address, entries, image, folder }, { node, signal }) {
    const changes = entries.map(({ path, mode, uid, gid }) => ({
      path,
      mode,
      ...(uid !== undefined && { owner: `${uid}:${gid ?? uid}` }),
    }))
    await setAccess(node(address), changes, { helper: HELPER.changeFiles, image, folder, signal })
  },
}
