/** An entry of a table for a name from a cluster file, which may be `constructor` or `__proto__` as well. */
export const own = <V>(table: Readonly<Record<string, V>>, name: string): V | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined
