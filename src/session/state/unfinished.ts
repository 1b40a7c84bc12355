import { PlanRefusedError } from '../../errors.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { refuseWhileRestoring } from './while-restoring.ts'

/**
 * Refuses to change a cluster of which a snapshot is being restored, or whose etcd is being recovered without a quorum, while
 * that is not done: members that are stopped then, and started with their old data, would be a second cluster.
 */
export function refuseUnfinished(state: ClusterState): void {
  refuseWhileRestoring(state)
  const { recovering } = state
  if (recovering === undefined) return
  const { node, startedAt } = recovering
  throw new PlanRefusedError(
    `etcd is being recovered from the data of ${node} since ${startedAt}, which is not done yet`,
    {
      step: 'plan',
      untouched: true,
      hint:
        'run "rke etcd recover" again, which goes on with it, or restore a snapshot instead with ' +
        '"rke etcd snapshot-restore --name NAME"',
    },
  )
}
