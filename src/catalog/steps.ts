/** What differs from the entry before: `null` takes a key away. */
export type Step = Readonly<Record<string, string | null>>

/** An entry, with what the next one says otherwise. */
export function applyStep(before: Readonly<Record<string, string>>, step: Step): Record<string, string> {
  const kept = Object.entries({ ...before, ...step })
  return Object.fromEntries(kept.filter((entry): entry is [string, string] => entry[1] !== null))
}

/** A record whose values are made when they are first read: most runs need one version of 303. */
export function madeWhenRead<V>(keys: readonly string[], make: (key: string) => V): Record<string, V> {
  const record: Record<string, V> = {}
  for (const key of keys) {
    let made: { readonly value: V } | undefined
    const get = (): V => {
      made ??= { value: make(key) }
      return made.value
    }
    Object.defineProperty(record, key, { enumerable: true, get })
  }
  return record
}
