import type { z } from 'zod'
import { viewOf, zeroOf } from './schema-view.ts'

/** A value of the wrong kind in a stored configuration. */
export interface Misfit {
  /** In the state file's spelling. */
  readonly path: readonly (string | number)[]
  readonly expected: string
}

/** Whether a JSON value is an object. */
export const isJsonObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Makes a stored or partly filled value whole: members that are missing or null get their empty value, members
 * whose name differs only in case are renamed, blocks get the order of the schema, and members that the schema
 * does not know are kept behind them. Values of a wrong kind are reported to `misfit` and replaced by empty ones.
 */
export function complete(
  schema: z.ZodType,
  value: unknown,
  misfit: (misfit: Misfit) => void,
  path: readonly (string | number)[] = [],
): unknown {
  const view = viewOf(schema)
  if (value === undefined || value === null) return zeroOf(schema)
  const wrong = (expected: string) => {
    misfit({ path, expected })
    return zeroOf(schema)
  }
  const inside = (member: z.ZodType, inner: unknown, step: string | number) =>
    complete(member, inner, misfit, [...path, step])
  switch (view.kind) {
    case 'block':
      return isJsonObject(value) ? completeBlock(view.members, value, inside) : wrong('an object')
    case 'map':
      if (!isJsonObject(value)) return wrong('an object')
      return Object.fromEntries(
        Object.entries(value).map(([key, each]) => [key, inside(view.values, each, key)]),
      )
    case 'list':
      if (!Array.isArray(value)) return wrong('a list')
      return value.map((each, index) => inside(view.items, each, index))
    case 'text':
      return typeof value === 'string' ? value : wrong('a text')
    case 'switch':
      return typeof value === 'boolean' ? value : wrong('true or false')
    case 'integer':
    case 'number':
      return typeof value === 'number' ? value : wrong('a number')
    case 'integer-or-text':
      return typeof value === 'number' || typeof value === 'string' ? value : wrong('a number or a text')
    default:
      return value
  }
}

function completeBlock(
  members: ReadonlyMap<string, z.ZodType>,
  value: Record<string, unknown>,
  inside: (member: z.ZodType, inner: unknown, step: string) => unknown,
): Record<string, unknown> {
  const given = new Map(Object.entries(value))
  const byLowerCase = new Map([...given.keys()].reverse().map((key) => [key.toLowerCase(), key]))
  const result: Record<string, unknown> = {}
  for (const [name, member] of members) {
    const key = given.has(name) ? name : (byLowerCase.get(name.toLowerCase()) ?? name)
    const completed = inside(member, given.get(key), name)
    given.delete(key)
    if (completed !== undefined) result[name] = completed
  }
  for (const [key, unknown] of given) {
    if (unknown !== undefined) result[key] = unknown
  }
  return result
}
