import { SnapshotError } from '../../errors.ts'
import { SNAPSHOT_FOLDER } from '../../node-paths.ts'
import { placeText, type SnapshotFile } from '../../snapshots/snapshot.ts'
import { nearestNames } from '../restore/nearest-names.ts'
import { type FoundSnapshots, observeSnapshots } from './observe-snapshots.ts'
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
  const files = all.snapshots.map(({ file }) => file)
  const asked = places.sources.map(({ where }) => where).join(', ')
  const unasked = failures.map(({ host }) => host).join(', ')
  throw new SnapshotError(`there is no snapshot ${missing} on ${asked}`, {
    step: 'find the snapshot',
    untouched: true,
    why: unasked === '' ? '' : `${unasked} could not be asked`,
    hint: hintFor(missing, files),
  })
}

function hintFor(missing: string, files: readonly SnapshotFile[]): string {
  const near = nearestNames(
    missing,
    files.map(({ name }) => name),
  )
  if (near.length === 0) return `"rke etcd snapshot-ls" lists what is in ${SNAPSHOT_FOLDER} of the etcd nodes`
  const where = (name: string): string =>
    files.flatMap((file) => (file.name === name ? [placeText(file.place)] : [])).join(', ')
  return `there are ${near.map((name) => `${name} (${where(name)})`).join(', ')}`
}
