import { editDistance } from '../../../edit-distance.ts'

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
