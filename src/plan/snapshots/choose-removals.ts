import type { SnapshotFile } from '../../snapshots/snapshot.ts'
import { timeOfSnapshot } from '../../snapshots/snapshot-name.ts'
import type { RemovalReason } from './removal-reason.ts'

/** Which snapshots are removed: those of these names, or by their age. */
export type RemovalChoice = { readonly names: readonly string[] } | RemovalByAge

export interface RemovalByAge {
  /** Only those that are older, in milliseconds. */
  readonly olderThanMs?: number | undefined
  /** In each place as many of the newest that can be restored stay, however old they are; from 1 on. */
  readonly keep?: number | undefined
}

/** A snapshot that is removed, and why. */
export interface ChosenRemoval {
  readonly file: SnapshotFile
  readonly because: RemovalReason
}

/**
 * Of the snapshots of one place those that are removed. Whether a snapshot can be restored counts as far as that is known without
 * reading it: one that cannot is no reason to remove another one.
 */
export function chooseRemovals(
  files: readonly SnapshotFile[],
  choice: RemovalChoice,
  now: Date,
): readonly ChosenRemoval[] {
  const reasonFor = 'names' in choice ? named(choice.names) : byAge(files, choice, now)
  return files.flatMap((file) => {
    const because = reasonFor(file)
    return because === undefined ? [] : [{ file, because }]
  })
}

type ReasonFor = (file: SnapshotFile) => RemovalReason | undefined

const named =
  (names: readonly string[]): ReasonFor =>
  ({ name }) =>
    names.includes(name) ? { kind: 'snapshot-named', snapshot: name } : undefined

function byAge(files: readonly SnapshotFile[], { olderThanMs, keep }: RemovalByAge, now: Date): ReasonFor {
  const stays = keep === undefined ? Number.POSITIVE_INFINITY : timeOfNewest(files, keep)
  const limit = olderThanMs === undefined ? Number.POSITIVE_INFINITY : now.getTime() - olderThanMs
  return (file) => {
    const time = takenAt(file)
    if (time >= stays || time >= limit) return undefined
    const about = { snapshot: file.name, taken: new Date(time).toISOString() }
    if (olderThanMs !== undefined) return { kind: 'snapshot-old', ...about, limitMs: olderThanMs }
    return { kind: 'snapshot-surplus', ...about, keep: keep ?? 0 }
  }
}

/** When the oldest of so many of the newest was taken; before everything if there are not as many. */
function timeOfNewest(files: readonly SnapshotFile[], count: number): number {
  const good = files.filter(({ problem }) => problem === undefined)
  const times = new Map(good.map((file) => [file.name, takenAt(file)]))
  return [...times.values()].sort((a, b) => b - a)[count - 1] ?? Number.NEGATIVE_INFINITY
}

const takenAt = ({ name, modified }: SnapshotFile): number => (timeOfSnapshot(name) ?? modified).getTime()
