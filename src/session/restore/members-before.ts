import type { ClusterNode } from '../../config/cluster-config.ts'
import { RkeError } from '../../errors.ts'
import type { EtcdApi } from '../../etcd/etcd-api.ts'
import { memberAt } from '../../etcd/members/find-member.ts'
import { observeEtcd } from '../../observe/observe-etcd.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { runs } from '../../plan/model/runs.ts'

/**
 * Addresses of nodes with a member of etcd before anything is changed, as a healthy member says: a run that was interrupted while
 * it changed them has left others than the state knows. `undefined` where none answers, which is why many restore.
 * @param known nodes that it may have
 */
export async function membersBefore(
  known: readonly ClusterNode[],
  machines: ReadonlyMap<string, ObservedNode>,
  at: (address: string) => EtcdApi,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const running = known.map(({ address }) => address).filter((address) => runs(machines.get(address), 'etcd'))
  try {
    const etcd = await observeEtcd(running, at, signal)
    if (etcd === undefined) return undefined
    const { members } = etcd
    return known
      .filter(({ internalAddress }) => memberAt(members, internalAddress) !== undefined)
      .map(({ address }) => address)
  } catch (thrown) {
    signal.throwIfAborted()
    if (thrown instanceof RkeError) return undefined
    throw thrown
  }
}
