/**
 * Takes away members that are "", 0, false or [], as Kubernetes' own encoders omit what was left empty; null
 * counts as empty, {} does not.
 */
export function omitEmpty<T extends object>(object: T): Partial<T> {
  const filled = Object.entries(object).filter(
    ([, value]) => Boolean(value) && !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(filled) as Partial<T>
}
