import type { ClusterConfig } from '../../config/cluster-config.ts'
import { bucketOf, withBucket } from '../../config/snapshot-bucket.ts'
import type { Run } from '../../engine/run.ts'
import { ConfigError, ConnectionError } from '../../errors.ts'
import type { RemovalChoice } from '../../plan/snapshots/choose-removals.ts'
import { planSnapshotRemoval, type RemovalView } from '../../plan/snapshots/plan-snapshot-removal.ts'
import { closing } from '../../session/closing.ts'
import { accessParts } from '../../session/connect/connect-nodes.ts'
import type { Deps, SnapshotRunOptions } from '../../session/deps.ts'
import { endOf } from '../../session/end-of-run.ts'
import { isToBeDone, type PlanFirst, shownSteps, startPlannedRun } from '../../session/run/planned-run.ts'
import type { Operation } from '../../session/run/redacted-run.ts'
import { runPlan } from '../../session/run/run-plan.ts'
import { mustBeFound } from '../../session/snapshots/must-be-found.ts'
import {
  type FoundSnapshots,
  observeSnapshots,
  placesFailed,
} from '../../session/snapshots/observe-snapshots.ts'
import { openSnapshotPlaces, type SnapshotPlaces } from '../../session/snapshots/snapshot-places.ts'
import { refuseUnfinished } from '../../session/state/unfinished.ts'
import { snapshotName } from '../../snapshots/snapshot-name.ts'
import { systemClock } from '../../time.ts'
import type { Planned } from '../results.ts'

/** Either `names`, or `olderThanMs` and `keep`, each alone or both. */
export interface RemoveSnapshotsOptions extends SnapshotRunOptions, PlanFirst {
  /** Names of snapshots, with or without `.zip`. Never a part of a name. */
  readonly names?: readonly string[]
  /** All snapshots that are older than that many milliseconds. */
  readonly olderThanMs?: number
  /** In each place as many of the newest that can be restored stay; a whole number from 1 on. */
  readonly keep?: number
}

/**
 * Removes snapshots, in all places at once, the bucket among them: only the files and objects `<name>.zip` and `<name>`. Holds the
 * lock of the local state, and refuses while a restore is not done.
 * @throws SnapshotError if no place has one of the names.
 */
export function removeSnapshots(
  given: ClusterConfig,
  deps: Deps,
  options: RemoveSnapshotsOptions,
): Run<Planned> {
  return startPlannedRun('rke etcd snapshot-rm', deps, options, async (operation) => {
    const choice = choiceOf(options)
    const stored = await deps.store.load()
    if (stored !== undefined) refuseUnfinished(stored.state)
    const config = await operation.fill(withBucket(given, options.bucket), [...accessParts, 'services'])
    const places = await openSnapshotPlaces(config, operation, options.skipUnreachable ?? false)
    return closing(places, () => removeFrom(places, { choice, sharedBucket: isShared(config) }, operation))
  })
}

/** Clusters keep their snapshots in folders of one bucket, and RKE sets none by itself. */
const isShared = (config: ClusterConfig): boolean => !bucketOf(config)?.folder

function choiceOf({ names, olderThanMs, keep }: RemoveSnapshotsOptions): RemovalChoice {
  const byAge = olderThanMs !== undefined || keep !== undefined
  if (names !== undefined && names.length > 0 && !byAge) return { names: names.map(snapshotName) }
  if ((names !== undefined && names.length > 0) || !byAge) {
    throw new ConfigError('which snapshots are to be removed is not clear', {
      why: 'give either names, or an age, a number to keep, or both of these',
      untouched: true,
    })
  }
  if (keep !== undefined && !(Number.isSafeInteger(keep) && keep >= 1)) {
    throw new ConfigError(`the number of snapshots to keep is ${keep}`, {
      why: 'it must be a whole number from 1 on',
      untouched: true,
    })
  }
  return { olderThanMs, keep }
}

async function removeFrom(
  places: SnapshotPlaces,
  { choice, sharedBucket }: Pick<RemovalView, 'choice' | 'sharedBucket'>,
  operation: Operation & { readonly options: RemoveSnapshotsOptions },
): Promise<Planned> {
  const { deps, options, emit } = operation
  const found = await find(places, choice, options)
  const now = (deps.clock ?? systemClock)()
  const { snapshots } = found
  const { plan, leftAlone } = planSnapshotRemoval({
    snapshots,
    choice,
    sharedBucket,
    now,
    image: places.image,
  })
  if (leftAlone > 0) emit({ type: 'notice', level: 'warning', area: 's3', text: mayBeOthers(leftAlone) })
  const steps = shownSteps(plan, operation)
  const planned = { plan, steps, leftOut: [] }
  if (!(await isToBeDone(planned, options, operation, 'the removal was not confirmed'))) return planned
  if (steps.length > 0) {
    const { access, bucket } = places
    await runPlan(plan, bucket === undefined ? access : { ...access, bucket: () => bucket }, options, emit)
  }
  const skipped = found.failures.flatMap(({ host }) => host ?? [])
  if (skipped.length > 0) throw removedWithout(skipped)
  return planned
}

async function find(
  places: SnapshotPlaces,
  choice: RemovalChoice,
  options: RemoveSnapshotsOptions,
): Promise<FoundSnapshots> {
  const names = 'names' in choice ? choice.names : undefined
  const signal = endOf(options)
  const found = await observeSnapshots(places, { names, budget: 0 }, signal)
  if (found.failures.length > 0 && options.skipUnreachable !== true) throw placesFailed(found.failures)
  await mustBeFound(names ?? [], found, places, signal)
  return found
}

const mayBeOthers = (count: number): string =>
  `${count} snapshot(s) of the bucket are left alone: the bucket has no folder for this cluster, so they may be another cluster's; remove them by name`

function removedWithout(skipped: readonly string[]): ConnectionError {
  return new ConnectionError(
    'other',
    `host(s) [${skipped.join(',')}] skipped because they could not be contacted`,
    { hint: 'the snapshots are removed from the others; run the command again once these can be reached' },
  )
}
