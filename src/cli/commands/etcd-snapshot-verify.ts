import { type RkeError, RunFailedError, SnapshotError, UsageError } from '../../errors.ts'
import { verifySnapshot } from '../../operations/snapshots/list-snapshots.ts'
import type { SnapshotInfo } from '../../operations/snapshots/snapshot-results.ts'
import { placeText } from '../../snapshots/snapshot.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { DONE } from '../exit-codes.ts'
import { openCluster } from '../local/open-cluster.ts'
import { bucketOptions } from '../local/snapshot-bucket.ts'
import { chooseSideRenderer } from '../output/renderers/choose-renderer.ts'
import { withRenderer } from '../running/follow.ts'
import { printSnapshots } from '../running/print-snapshots.ts'

/** `rke etcd snapshot-verify`: reads snapshots and prints what is in them; fails if one cannot be restored. */
export const etcdSnapshotVerifyCommand: CommandAction = async (flags, context) =>
  withRenderer(await chooseSideRenderer(context), context, async (following) => {
    const names = flags.each('name')
    const isNamed = names.length > 0
    if (isNamed === flags.on('all')) throw unclear()
    const bucket = await bucketOptions(flags, following.renderer)
    const { config, deps, options } = await openCluster(flags, context.io, following)
    const list = await following.follow(
      verifySnapshot(config, deps, { ...options, ...bucket, ...(isNamed && { names }) }),
    )
    for (const without of withoutState(list.snapshots)) following.renderer.say('warning', without)
    printSnapshots(list, flags, context, following)
    throwAll([...list.failures, ...faultsOf(list.snapshots)])
    return DONE
  })

function unclear(): UsageError {
  return new UsageError('name the snapshots to verify, or give --all', {
    step: 'read the command line',
    hint: '"rke etcd snapshot-ls" lists them',
  })
}

/** Archives that can be restored, but not by themselves. */
function withoutState(snapshots: readonly SnapshotInfo[]): readonly string[] {
  return snapshots
    .filter(({ form, hasState, problem }) => form === 'archive' && !hasState && problem === undefined)
    .map(
      ({ name, place }) =>
        `[etcd] ${name} on [${placeText(place)}] holds no state: a restore of it needs the local state file`,
    )
}

/** That there are none is a fault, too: who verifies in cron must not take no backup for a good one. */
function faultsOf(snapshots: readonly SnapshotInfo[]): readonly SnapshotError[] {
  if (snapshots.length === 0) return [noSnapshot()]
  return snapshots.flatMap(({ name, place, problem }) =>
    problem === undefined
      ? []
      : [new SnapshotError(`the snapshot ${name} has a fault`, { host: placeText(place), why: problem })],
  )
}

function noSnapshot(): SnapshotError {
  return new SnapshotError('there is no snapshot', {
    step: 'verify snapshots',
    hint: 'take one with "rke etcd snapshot-save", and see with "rke plan" whether recurring ones are taken',
  })
}

function throwAll(failures: readonly RkeError[]): void {
  const [only] = failures
  if (only === undefined) return
  if (failures.length === 1) throw only
  throw new RunFailedError(`${failures.length} snapshots or places of them have faults`, failures)
}
