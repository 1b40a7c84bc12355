import { PlanRefusedError } from '../../errors.ts'
import { restoreCommand } from '../../snapshots/restore-command.ts'
import type { ClusterState } from '../../state/cluster-state.ts'

/** Refuses to change a cluster of which a snapshot is being restored, and that is not done. */
export function refuseWhileRestoring({ restoring }: ClusterState): void {
  if (restoring === undefined) return
  const { snapshot, startedAt, finished } = restoring
  const again = `run "${restoreCommand(snapshot)}" again`
  throw new PlanRefusedError(
    `snapshot ${snapshot} is being restored since ${startedAt}, which is not done yet`,
    {
      step: 'plan',
      untouched: true,
      hint: finished
        ? `${again}, which ends it`
        : `${again}, or go back to the cluster before it with "rke etcd snapshot-restore --abort"`,
    },
  )
}
