import { isDeepStrictEqual } from 'node:util'

/** Whether two JSON texts are equal, regardless of white space and member order; `false` if one is invalid. */
export function sameJson(a: string, b: string): boolean {
  if (a === b) return true
  try {
    return isDeepStrictEqual(JSON.parse(a), JSON.parse(b))
  } catch {
    return false
  }
}
