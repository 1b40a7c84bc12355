import { shortestSecret } from './secret-values.ts'

const INSTEAD = '[secret]'

/**
 * A function that takes secrets out of a text. It looks once at each place of the text, however many secrets there are: a
 * cluster of a thousand nodes may have a key for each of them.
 * @param values as `secretValues` gives them, the longest first.
 */
export function redactor(values: readonly string[]): (text: string) => string {
  if (values.length === 0) return (text) => text
  const byStart = new Map<string, string[]>()
  for (const value of values) {
    const start = value.slice(0, shortestSecret)
    const alike = byStart.get(start)
    if (alike === undefined) byStart.set(start, [value])
    else alike.push(value)
  }
  return (text) => {
    let shown = ''
    let shownTo = 0
    for (let at = 0; at + shortestSecret <= text.length; at++) {
      const found = byStart
        .get(text.slice(at, at + shortestSecret))
        ?.find((value) => text.startsWith(value, at))
      if (found === undefined) continue
      // What overlaps the one before makes it longer.
      if (shownTo === 0 || at > shownTo) shown += text.slice(shownTo, at) + INSTEAD
      shownTo = Math.max(shownTo, at + found.length)
    }
    return shownTo === 0 ? text : shown + text.slice(shownTo)
  }
}
