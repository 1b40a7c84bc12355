import { PlanRefusedError } from '../../errors.ts'
import { CLUSTER_CA } from '../../pki/inventory/inventory.ts'
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

/** Refuses to bring certificates to one node after the other while a CA is being replaced at once: nobody trusts both. */
export function refuseHalfReplacedCa({ caRotation, desiredState, currentState }: ClusterState): void {
  if (caRotation?.immediately !== true) return
  const [to, from] = [desiredState, currentState].map(
    ({ certificatesBundle }) => certificatesBundle?.[CLUSTER_CA]?.certificatePEM,
  )
  if (to !== from) refuseUnfinishedNewCa({ caRotation })
}

/** Refuses what a run that goes on with a CA which is being replaced at once would not do. */
export function refuseUnfinishedNewCa({ caRotation }: Pick<ClusterState, 'caRotation'>): void {
  if (caRotation?.immediately !== true) return
  throw new PlanRefusedError(
    `the CA is being replaced at once since ${caRotation.startedAt}, which is not done yet`,
    {
      step: 'plan',
      untouched: true,
      hint: 'run "rke cert rotate", which goes on with it; then run the same command again',
    },
  )
}
