import type { SnapshotFile } from './snapshot.ts'

/** Bytes of databases that are read of each place for a list; the rest is only listed. */
export const LIST_BUDGET = 256 * 1024 * 1024

/** The newest of some snapshots that have together no more than `budget` bytes of databases; larger ones are left out. */
export function withinBudget<T extends { readonly file: Pick<SnapshotFile, 'modified' | 'databaseBytes'> }>(
  listed: readonly T[],
  budget: number,
): readonly T[] {
  const newest = listed.toSorted((a, b) => b.file.modified.getTime() - a.file.modified.getTime())
  let left = budget
  const taken = new Set<T>()
  for (const one of newest) {
    const bytes = one.file.databaseBytes ?? 0
    if (bytes > left) continue
    left -= bytes
    taken.add(one)
  }
  return listed.filter((one) => taken.has(one))
}
