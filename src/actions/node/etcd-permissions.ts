import { HELPER } from '../../container-names.ts'
import { PlanRefusedError } from '../../errors.ts'
import { setAccess } from '../../node/files/set-access.ts'
import { BEFORE_RESTORE } from '../../node/snapshots/etcd-data-scripts.ts'
import type { ActionHandler } from '../action-handler.ts'

export const etcdPermissions: ActionHandler<'etcd.permissions'> = {
  describe: (action) => `set mode and owner of ${action.directory}`,
  async run({ node: address, image, directory, user, ofRestore = false }, { node, signal }) {
    const change = { path: directory, mode: 0o700, owner: user, recursive: true }
    const isDone = await setAccess(node(address), [change], {
      helper: HELPER.etcdPermissions,
      image,
      folder: directory,
      unless: ofRestore ? undefined : { missing: 'member', kept: `${BEFORE_RESTORE}/member` },
      signal,
    })
    if (!isDone) throw setAside(address, directory)
  },
}

/** Another program that writes the state, as RKE, drops what this one notes in it. */
function setAside(host: string, directory: string): PlanRefusedError {
  return new PlanRefusedError(`a restore has set the data of etcd aside in ${directory}/${BEFORE_RESTORE}`, {
    host,
    step: 'start etcd',
    why: 'the state knows of no restore, so another program has written it since; etcd would begin without any data',
    hint: `restore a snapshot again with "rke etcd snapshot-restore --name NAME", which keeps that data under another name; where it is not needed any more, delete the folder`,
  })
}
