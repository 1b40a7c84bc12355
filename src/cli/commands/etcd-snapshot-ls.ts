import { listSnapshots } from '../../operations/snapshots/list-snapshots.ts'
import { placesFailed } from '../../session/snapshots/observe-snapshots.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { DONE } from '../exit-codes.ts'
import { openCluster } from '../local/open-cluster.ts'
import { bucketOptions } from '../local/snapshot-bucket.ts'
import { chooseSideRenderer } from '../output/renderers/choose-renderer.ts'
import { snapshotProblems } from '../output/snapshot-table.ts'
import { withRenderer } from '../running/follow.ts'
import { printSnapshots } from '../running/print-snapshots.ts'

/** `rke etcd snapshot-ls`: prints the snapshots of a cluster. They alone go to standard output. */
export const etcdSnapshotLsCommand: CommandAction = async (flags, context) =>
  withRenderer(await chooseSideRenderer(context), context, async (following) => {
    const bucket = await bucketOptions(flags, following.renderer)
    const { config, deps, options } = await openCluster(flags, context.io, following)
    const list = await following.follow(
      listSnapshots(config, deps, { ...options, ...bucket, verify: flags.on('verify') }),
    )
    for (const problem of snapshotProblems(list.snapshots)) following.renderer.say('warning', problem)
    printSnapshots(list, flags, context, following)
    if (list.failures.length > 0) throw placesFailed(list.failures)
    return DONE
  })
