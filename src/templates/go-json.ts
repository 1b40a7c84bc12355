import { sortedEntries, toJson, type Value } from './values.ts'

/** Compact JSON as Go's encoding/json writes it: keys in the order of their bytes, and fit for HTML. */
export function goJson(value: Value): string {
  if (typeof value !== 'object' || value === null || value.kind === 'kube') return forHtml(toJson(value))
  if (value.kind === 'pointer') return goJson(value.to)
  if (value.kind === 'structure') return members([...value.fields])
  if (value.isNull) return 'null'
  return value.kind === 'list' ? `[${value.items.map(goJson).join(',')}]` : members(sortedEntries(value))
}

const members = (entries: readonly (readonly [string, Value])[]): string =>
  `{${entries.map(([key, value]) => `${forHtml(key)}:${goJson(value)}`).join(',')}}`

const forHtml = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
