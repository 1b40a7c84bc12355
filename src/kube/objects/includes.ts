/**
 * Whether `actual` contains everything in `wanted`: objects may have more members, lists must be as long. Additions
 * by the API server are thus no difference.
 */
export function includes(actual: unknown, wanted: unknown): boolean {
  if (wanted === undefined) return true
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(actual) &&
      actual.length === wanted.length &&
      wanted.every((item, index) => includes(actual[index], item))
    )
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof actual !== 'object' || actual === null) return false
    const have = new Map<string, unknown>(Object.entries(actual))
    return Object.entries(wanted).every(([key, value]) => includes(have.get(key), value))
  }
  return actual === wanted
}
