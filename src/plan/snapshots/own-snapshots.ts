import type { SnapshotFile } from '../../snapshots/snapshot.ts'
import { kindOfSnapshot } from '../../snapshots/snapshot-name.ts'
import type { RemovalByAge } from './choose-removals.ts'

/**
 * The snapshots of a bucket without a folder that are removed, and counted, by age: those of other clusters may be beside them, under
 * names that say nothing of the cluster. So it is those that one of the cluster's nodes has as well; and recurring ones, which
 * RKE's helper deletes by age there itself, unless the newest are to stay: those may all be another cluster's.
 */
export function ownSnapshots(
  stored: readonly SnapshotFile[],
  onNodes: readonly SnapshotFile[],
  { keep }: RemovalByAge,
): readonly SnapshotFile[] {
  const known = new Set(onNodes.map(({ name }) => name))
  return stored.filter(
    ({ name }) => known.has(name) || (keep === undefined && kindOfSnapshot(name) === 'recurring'),
  )
}
