import type { ClusterNode } from '../../config/cluster-config.ts'
import type { Emit } from '../../engine/events.ts'

/**
 * Says what is not done: what the state names and cluster.yml does not may be another cluster, which goes on, beside which
 * the snapshot is only tried out. RKE 1.6.3 does not touch such machines either.
 * @param former those nodes
 * @param isOther none of the state's nodes is in cluster.yml
 */
export function warnOfFormerNodes(former: readonly ClusterNode[], isOther: boolean, emit: Emit): void {
  if (former.length === 0) return
  const list = former.map(({ address }) => address).join(', ')
  const what = isOther
    ? 'no machine of the local state is in cluster.yml, so that it may be the state of another cluster. If the restored ' +
      'cluster takes the place of that one, switch them off'
    : 'the local state has them, and cluster.yml does not. Switch them off: what they run belongs to the cluster from before'
  const text = `Nothing is done on ${list}: ${what}. They have the same certificates; --clean-former-nodes takes all of that off them`
  emit({ type: 'notice', level: 'warning', area: 'hosts', text })
}
