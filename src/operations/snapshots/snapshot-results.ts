import type { RkeError } from '../../errors.ts'
import type { ObservedSnapshot } from '../../observe/observe-snapshots.ts'
import type { SnapshotForm, SnapshotPlace } from '../../snapshots/snapshot.ts'
import { kindOfSnapshot, type SnapshotKind, timeOfSnapshot } from '../../snapshots/snapshot-name.ts'

/** A snapshot in one place, without anything secret. */
export interface SnapshotInfo {
  /** Without `.zip`. */
  readonly name: string
  readonly place: SnapshotPlace
  /** When it was taken: what its name says, else when the file was written. */
  readonly taken: Date
  /** By whom, as far as its name says. */
  readonly kind: SnapshotKind
  readonly form: SnapshotForm
  /** Size of the file. */
  readonly bytes: number
  readonly hasState: boolean
  /** Size of etcd's own file; absent if the archive is damaged. */
  readonly databaseBytes?: number
  /** Of the database; absent, as revision and keys, if it was not read. Lower-case hex SHA-256. */
  readonly hash?: string
  readonly revision?: number
  readonly keys?: number
  /** What the state says; absent if it was not read. */
  readonly kubernetesVersion?: string
  /** As far as that is known without reading what was not read. */
  readonly isRestorable: boolean
  /** Why it cannot be restored; or why its state cannot be used. */
  readonly problem?: string
}

export interface SnapshotList {
  /** The newest first, copies of one snapshot together. */
  readonly snapshots: readonly SnapshotInfo[]
  /** Places that could not be asked, and why. */
  readonly failures: readonly RkeError[]
}

/** What is shown of a snapshot. */
export function snapshotInfo({ file, content, state: read, problem }: ObservedSnapshot): SnapshotInfo {
  const { name, place, bytes, form, hasState, databaseBytes, modified } = file
  const { state: _text, stateProblem, bytes: _bytes, ...seen } = content ?? { bytes: 0, ...read }
  const wrong = problem ?? stateProblem
  return {
    name,
    place,
    taken: timeOfSnapshot(name) ?? modified,
    kind: kindOfSnapshot(name),
    form,
    bytes,
    hasState,
    ...(databaseBytes !== undefined && { databaseBytes }),
    ...seen,
    isRestorable: problem === undefined,
    ...(wrong !== undefined && { problem: wrong }),
  }
}

/** The newest first; of one snapshot its copies in the order of places. */
export function inListOrder(snapshots: readonly SnapshotInfo[]): readonly SnapshotInfo[] {
  const newest = new Map<string, number>()
  for (const { name, taken } of snapshots) newest.set(name, Math.max(newest.get(name) ?? 0, taken.getTime()))
  const at = (name: string): number => newest.get(name) ?? 0
  return snapshots.toSorted(
    (a, b) => at(b.name) - at(a.name) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  )
}
