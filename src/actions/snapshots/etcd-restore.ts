import { HELPER } from '../../container-names.ts'
import { CLUSTER_TOKEN } from '../../etcd/members/member-names.ts'
import { boundFolders } from '../../node/helpers/bound-folders.ts'
import { runChecked } from '../../node/helpers/run-once.ts'
import { ETCD_DATA, RESTORE_SCRIPT } from '../../node/snapshots/etcd-data-scripts.ts'
import { KUBERNETES_FOLDER, SCRATCH_FOLDER } from '../../node-paths.ts'
import type { ActionHandler } from '../action-handler.ts'

export const etcdRestore: ActionHandler<'etcd.restore'> = {
  describe: ({ snapshot, memberName }) => `restore ${memberName} from ${snapshot}`,
  async run(action, { node, signal }) {
    const { image, snapshot, memberName, initialCluster, peerUrl, env } = action
    await runChecked(node(action.node), {
      name: HELPER.restoreEtcd,
      container: {
        Image: image,
        Cmd: [
          'sh',
          '-c',
          RESTORE_SCRIPT,
          HELPER.restoreEtcd,
          `${SCRATCH_FOLDER}/${snapshot}`,
          `--name=${memberName}`,
          `--initial-cluster=${initialCluster}`,
          `--initial-cluster-token=${CLUSTER_TOKEN}`,
          `--initial-advertise-peer-urls=${peerUrl}`,
        ],
        Env: ['ETCDCTL_API=3', ...env.reveal()],
        HostConfig: boundFolders(
          [
            '/opt/rke/:/opt/rke/',
            `${action.directory}:${ETCD_DATA}`,
            `${action.kubernetesFolder}:${KUBERNETES_FOLDER}`,
          ],
          { selinux: action.selinux, network: 'host' },
        ),
      },
      limitMs: action.timeout * 1000,
      signal,
    })
  },
}
