import type { ClusterNode } from '../../config/cluster-config.ts'
import { snapshotTimeout } from '../../config/snapshot-timeout.ts'
import { initialCluster } from '../../desired/services/etcd.ts'
import { memberName, peerUrl } from '../../etcd/members/member-names.ts'
import { Secret } from '../../secret.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import { onEtcdData } from './etcd-data.ts'
import { helperImageOn, type RestoreView } from './restore-view.ts'

/**
 * Sets aside what etcd has on machines, and makes the data of the new members, all with the same list of members, so that
 * they are a new cluster.
 */
export function planData(restore: RestoreView, members: readonly ClusterNode[]): readonly Action[] {
  const { config } = restore.target.wanted
  const { etcd } = config.services
  const addresses = members.map(({ address }) => address)
  const onlyBefore = [...restore.formerMembers].filter((address) => !addresses.includes(address))
  return [...restore.machines.values()].flatMap((machine): readonly Action[] => {
    const { address } = machine
    const node = members.find((member) => member.address === address)
    if (node === undefined && !onlyBefore.includes(address)) return []
    const image = node === undefined ? helperImageOn(machine, config) : restore.images.backup
    const { kubernetesFolder, ...place } = onEtcdData(config, machine, image)
    const setAside: Action = {
      kind: 'etcd.data.set-aside',
      id: ids.setAside(address),
      ...place,
      restore: restore.startedAt,
      because: [{ kind: 'way-back' }],
      after: [],
    }
    if (node === undefined) return [setAside]
    return [
      setAside,
      {
        kind: 'etcd.restore',
        id: ids.restore(address),
        ...place,
        image: restore.images.restore,
        kubernetesFolder,
        snapshot: restore.snapshot.file.name,
        memberName: memberName(node),
        peerUrl: peerUrl(node.internalAddress),
        initialCluster: initialCluster(members),
        env: new Secret(etcd.extraEnv),
        timeout: snapshotTimeout(config),
        because: [{ kind: 'snapshot-restored' }],
        after: [ids.setAside(address)],
      },
    ]
  })
}
