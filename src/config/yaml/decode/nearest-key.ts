/** The candidate that `key` was most likely meant to be; `undefined` if none is close. Case and `_`, `-` hardly count. */
export function nearestKey(key: string, candidates: Iterable<string>): string | undefined {
  if (key.length > longestKey) return undefined
  const wanted = plain(key)
  let best: string | undefined
  let least = Math.max(1, Math.floor(Math.min(key.length, 30) / 3)) + 1
  for (const name of candidates) {
    if (key === name) return name
    const other = plain(name)
    if (Math.abs(wanted.length - other.length) >= least) continue
    const distance = editDistance(wanted, other)
    if (distance >= least) continue
    best = name
    least = distance
  }
  return best
}

/** No key of ours comes near; the comparison below takes the product of both lengths. */
const longestKey = 80

const plain = (key: string): string => key.toLowerCase().replace(/[-_]/g, '')

/** Insertions, deletions, replacements and swaps of neighbours between two texts. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      )
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, (beforePrevious[column - 2] ?? 0) + 1)
      }
      current.push(cost)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.length] ?? 0
}
