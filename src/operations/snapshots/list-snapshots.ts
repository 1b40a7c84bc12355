import type { ClusterConfig } from '../../config/cluster-config.ts'
import { withBucket } from '../../config/snapshot-bucket.ts'
import type { Run } from '../../engine/run.ts'
import type { SnapshotQuestion } from '../../observe/observe-snapshots.ts'
import { closing } from '../../session/closing.ts'
import { accessParts } from '../../session/connect/connect-nodes.ts'
import type { Deps, SnapshotRunOptions } from '../../session/deps.ts'
import { endOf } from '../../session/end-of-run.ts'
import { startRedactedRun } from '../../session/run/redacted-run.ts'
import { mustBeFound } from '../../session/snapshots/must-be-found.ts'
import { observeSnapshots } from '../../session/snapshots/observe-snapshots.ts'
import { openSnapshotPlaces } from '../../session/snapshots/snapshot-places.ts'
import { snapshotName } from '../../snapshots/snapshot-name.ts'
import { LIST_BUDGET } from '../../snapshots/within-budget.ts'
import { inListOrder, type SnapshotList, snapshotInfo } from './snapshot-results.ts'

export interface ListSnapshotsOptions extends SnapshotRunOptions {
  /** Read and check the data of all snapshots, however large they are. Default: the newest of each node, up to 256 MiB. */
  readonly verify?: boolean
}

export interface VerifySnapshotOptions extends SnapshotRunOptions {
  /** Names of snapshots, with or without `.zip`; all without it. */
  readonly names?: readonly string[]
}

const ALL = Number.POSITIVE_INFINITY

/**
 * All snapshots of a cluster. Changes nothing, and holds no lock. Places that cannot be asked are
 * named in the result; the run fails if that is all of them.
 */
export function listSnapshots(
  given: ClusterConfig,
  deps: Deps,
  options: ListSnapshotsOptions = {},
): Run<SnapshotList> {
  return read(given, deps, options, { budget: options.verify ? ALL : LIST_BUDGET })
}

/**
 * Reads every copy of snapshots from its beginning to its end: the archive and its members, checksums, the hash that etcd
 * wrote, etcd's own check of the pages, and the state. What is wrong stands with each in the result. Changes nothing, and holds
 * no lock.
 * @throws SnapshotError if no place has one of the names.
 */
export function verifySnapshot(
  given: ClusterConfig,
  deps: Deps,
  options: VerifySnapshotOptions = {},
): Run<SnapshotList> {
  return read(given, deps, options, { names: options.names, budget: ALL })
}

function read(
  given: ClusterConfig,
  deps: Deps,
  options: SnapshotRunOptions,
  { names, budget }: SnapshotQuestion,
): Run<SnapshotList> {
  return startRedactedRun(deps, options, async (scope) => {
    const question = { names: names?.map(snapshotName), budget }
    const config = await scope.fill(withBucket(given, options.bucket), [...accessParts, 'services'])
    const signal = endOf(options)
    return closing(await openSnapshotPlaces(config, { ...scope, deps, options }, true), async (places) => {
      const found = await observeSnapshots(places, question, signal)
      await mustBeFound(question.names ?? [], found, places, signal)
      return { snapshots: inListOrder(found.snapshots.map(snapshotInfo)), failures: found.failures }
    })
  })
}
