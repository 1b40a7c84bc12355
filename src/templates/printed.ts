import { nameOfKind, sortedEntries, type Value } from './values.ts'

/** What an action writes of a value; `undefined` for kinds of which Go prints the inside, which nobody wants in a manifest. */
export function printed(value: Value): string | undefined {
  if (value === null || value === undefined) return '<no value>'
  return inner(value)
}

function inner(value: Value): string | undefined {
  if (value === null || value === undefined) return '<nil>'
  if (typeof value !== 'object') return String(value)
  if (value.kind === 'pointer') return inner(value.to)
  if (value.kind === 'list') return joined('[', value.items.map(inner))
  if (value.kind === 'map') {
    return joined(
      'map[',
      sortedEntries(value).map(([key, member]) => {
        const text = inner(member)
        return text === undefined ? undefined : `${key}:${text}`
      }),
    )
  }
  return undefined
}

function joined(opening: string, parts: readonly (string | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : `${opening}${parts.join(' ')}]`
}

export const notPrintable = (value: Value): string => `${nameOfKind(value)} cannot be printed`
