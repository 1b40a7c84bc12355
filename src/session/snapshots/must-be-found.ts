import { type FoundSnapshots, observeSnapshots } from './observe-snapshots.ts'
import { snapshotNotFound } from './snapshot-not-found.ts'
import type { SnapshotPlaces } from './snapshot-places.ts'

/**
 * That each of these names is among what was found.
 * @throws SnapshotError with the nearest names that there are, and where.
 */
export async function mustBeFound(
  names: readonly string[],
  { snapshots, failures }: FoundSnapshots,
  places: SnapshotPlaces,
  signal: AbortSignal,
): Promise<void> {
  const missing = names.find((name) => !snapshots.some(({ file }) => file.name === name))
  if (missing === undefined) return
  const all = await observeSnapshots(places, { budget: 0 }, signal)
  throw snapshotNotFound({
    name: missing,
    asked: places.sources.map(({ where }) => where),
    unasked: failures.flatMap(({ host }) => host ?? []),
    files: all.snapshots.map(({ file }) => file),
  })
}
