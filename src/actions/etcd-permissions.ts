import { runChecked } from '../node/run-once.ts'
import type { ActionHandler } from './action-handler.ts'

const DATA = '/var/lib/rancher/etcd/'

export const etcdPermissions: ActionHandler<'etcd.permissions'> = {
  describe: (action) => `set mode and owner of ${action.directory}`,
  async run(action, { node, signal }) {
    const commands = [
      `chmod 700 ${DATA}`,
      ...(action.user === undefined ? [] : [`chown -R ${action.user} ${DATA}`]),
    ]
    await runChecked(node(action.node), {
      name: 'etcd-fix-perm',
      container: {
        Image: action.image,
        Cmd: ['sh', '-c', commands.join(' && ')],
        HostConfig: { Binds: [`${action.directory}:${DATA}`], NetworkMode: 'none' },
      },
      signal,
    })
  },
}
