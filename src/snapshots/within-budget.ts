import type { SnapshotFile } from './snapshot.ts'

/** Bytes of databases that are read of each place for a list; the rest is only listed. */
export const LIST_BUDGET = 256 * 1024 * 1024

type Listed = { readonly file: Pick<SnapshotFile, 'modified' | 'databaseBytes'> }

/**
 * The newest of some snapshots that have together no more than `budget` bytes; larger ones are left out.
 * @param bytesOf what counts of each: its database, without it
 */
export function withinBudget<T extends Listed>(
  listed: readonly T[],
  budget: number,
  bytesOf: (one: T) => number = ({ file }) => file.databaseBytes ?? 0,
): readonly T[] {
  const newest = listed.toSorted((a, b) => b.file.modified.getTime() - a.file.modified.getTime())
  let left = budget
  const taken = new Set<T>()
  for (const one of newest) {
    const bytes = bytesOf(one)
    if (bytes > left) continue
    left -= bytes
    taken.add(one)
  }
  return listed.filter((one) => taken.has(one))
}
