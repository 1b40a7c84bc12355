import { runChecked } from '../node/run-once.ts'
import type { ActionHandler } from './action-handler.ts'
import { HOST_CLEAN_SCRIPT } from './host-clean-script.ts'

export const hostClean: ActionHandler<'host.clean'> = {
  describe: () => "remove the cluster's processes, mounts, folders, network devices and packet filter rules",
  async run(action, { node, signal }) {
    await runChecked(node(action.node), {
      name: 'host-cleaner',
      container: {
        Image: action.image,
        Entrypoint: ['/bin/sh', '-c', HOST_CLEAN_SCRIPT, 'host-cleaner'],
        Cmd: [...action.folders, '--', ...action.watchedFolders, '--', ...action.emptyFolders],
        HostConfig: { NetworkMode: 'host', PidMode: 'host', Privileged: true },
      },
      signal,
    })
  },
}
