import type { Emit } from '../../engine/events.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'

/**
 * Says where a restore has set data of etcd aside that the state knows nothing of: another program, as RKE, has written the state
 * since, or a machine could not be reached when the restore ended.
 */
export function warnOfSetAside(machines: ReadonlyMap<string, ObservedNode>, emit: Emit): void {
  const addresses = [...machines.values()]
    .flatMap(({ address, setAside }) => (setAside ? address : []))
    .sort()
  if (addresses.length === 0) return
  const text = `The data that etcd had before a restore is still set aside on ${addresses.join(', ')} (before-restore in its data directory), and the state knows of no restore. If the cluster is not the restored one, restore the snapshot again; if it is, delete that folder`
  emit({ type: 'notice', level: 'warning', area: 'etcd', text })
}
