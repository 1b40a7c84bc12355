import { HELPER } from '../../container-names.ts'
import { setAccess } from '../../node/files/set-access.ts'
import type { ActionHandler } from '../action-handler.ts'

export const etcdPermissions: ActionHandler<'etcd.permissions'> = {
  describe: (action) => `set mode and owner of ${action.directory}`,
  async run({ node: address, image, directory, user }, { node, signal }) {
    const change = { path: directory, mode: 0o700, owner: user, recursive: true }
    await setAccess(node(address), [change], {
      helper: HELPER.etcdPermissions,
      image,
      folder: directory,
      signal,
    })
  },
}
