import { isDeepStrictEqual } from 'node:util'

/** Whether two JSON texts say the same, whatever their white space and the order of members; not if one cannot be read. */
export function sameJson(a: string, b: string): boolean {
  if (a === b) return true
  try {
    return isDeepStrictEqual(JSON.parse(a), JSON.parse(b))
  } catch {
    return false
  }
}
