import { SnapshotError } from '../../errors.ts'
import { SNAPSHOT_FOLDER } from '../../node-paths.ts'
import { placeText, type SnapshotFile } from '../../snapshots/snapshot.ts'
import { nearestNames } from '../restore/nearest-names.ts'

/** A search for a snapshot that found none of its name. */
export interface FruitlessSearch {
  readonly name: string
  /** Places that were asked. */
  readonly asked: readonly string[]
  /** Places that could not be asked. */
  readonly unasked?: readonly string[]
  /** All snapshots that there are. */
  readonly files: readonly SnapshotFile[]
}

/** The error for a snapshot that is nowhere, with the nearest names that there are, and where. */
export function snapshotNotFound({ name, asked, unasked = [], files }: FruitlessSearch): SnapshotError {
  return new SnapshotError(`there is no snapshot ${name} on ${asked.join(', ')}`, {
    step: 'find the snapshot',
    untouched: true,
    why: unasked.length === 0 ? '' : `${unasked.join(', ')} could not be asked`,
    hint: hintFor(name, files),
  })
}

function hintFor(name: string, files: readonly SnapshotFile[]): string {
  const near = nearestNames(
    name,
    files.map((file) => file.name),
  )
  if (near.length === 0)
    return `put the archive into ${SNAPSHOT_FOLDER} of an etcd node; "rke etcd snapshot-ls" lists what is there`
  const where = (one: string): string =>
    files.flatMap((file) => (file.name === one ? [placeText(file.place)] : [])).join(', ')
  return `there are ${near.map((one) => `${one} (on ${where(one)})`).join(', ')}`
}
