import type { z } from 'zod'
import { viewOf, zeroOf } from './schema-view.ts'
import { stepsOf, type Trail } from './trail.ts'

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
export function complete(schema: z.ZodType, value: unknown, misfit: (misfit: Misfit) => void): unknown {
  return completeValue(schema, value, misfit, undefined)
}

function completeValue(
  schema: z.ZodType,
  value: unknown,
  misfit: (misfit: Misfit) => void,
  trail: Trail | undefined,
): unknown {
  const view = viewOf(schema)
  if (value === undefined || value === null) return zeroOf(schema)
  const wrong = (expected: string) => {
    misfit({ path: stepsOf(trail), expected })
    return zeroOf(schema)
  }
  const inside = (member: z.ZodType, inner: unknown, step: string | number) =>
    completeValue(member, inner, misfit, { outer: trail, step })
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
  const others = new Set(Object.keys(value))
  const result: Record<string, unknown> = {}
  for (const name of members.keys()) others.delete(name)
  for (const [name, member] of members) {
    const key = Object.hasOwn(value, name) ? name : otherCase(others, name)
    others.delete(key)
    const completed = inside(member, value[key], name)
    if (completed !== undefined) result[name] = completed
  }
  for (const key of others) {
    if (value[key] !== undefined) result[key] = value[key]
  }
  return result
}

/** The key that differs from a name only in case, or the name itself. */
function otherCase(keys: ReadonlySet<string>, name: string): string {
  const lower = name.toLowerCase()
  for (const key of keys) if (key.toLowerCase() === lower) return key
  return name
}
