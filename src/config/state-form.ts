import type { z } from 'zod'
import type { ClusterConfig } from './cluster-config.ts'
import { clusterConfigSchema } from './schema/cluster.ts'
import { viewOf, zeroOf } from './schema/reading/schema-view.ts'

/** A JSON object, ready to be written. */
export type JsonObject = { [key: string]: unknown }

/**
 * The configuration exactly as `rkeConfig` of the state file holds it: members in the order of the schema, map
 * keys sorted by bytes, empty values left out as each member's rules say. Unknown members stay, at the end.
 */
export function toStateForm(config: ClusterConfig): JsonObject {
  return asStored(clusterConfigSchema, config) as JsonObject
}

function asStored(schema: z.ZodType, value: unknown): unknown {
  const view = viewOf(schema)
  if (value === undefined || value === null) return emptyForm(schema)
  if (view.kind === 'list') return (value as readonly unknown[]).map((item) => asStored(view.items, item))
  if (view.kind === 'map') return sortedMap(value as JsonObject, (each) => asStored(view.values, each))
  if (view.kind === 'anything') return sortedDeep(value)
  if (view.kind !== 'block') return value
  const result: JsonObject = {}
  for (const [name, member] of view.members) {
    const given = (value as JsonObject)[name]
    if (isWritten(member, given)) result[name] = asStored(member, given)
  }
  for (const [name, unknown] of Object.entries(value)) {
    if (!view.members.has(name) && unknown !== undefined) result[name] = unknown
  }
  return result
}

function emptyForm(schema: z.ZodType): unknown {
  const zero = zeroOf(schema)
  return zero === undefined || zero === null ? null : asStored(schema, zero)
}

function isWritten(schema: z.ZodType, value: unknown): boolean {
  const { kind, optional, rules } = viewOf(schema)
  if (rules.emit === 'never') return false
  if (rules.emit === 'always') return true
  if (rules.emit === 'when-set') return value !== undefined && value !== null
  if (kind === 'block') return !optional || (value !== undefined && value !== null)
  return !isEmpty(value)
}

function isEmpty(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return !value
}

function sortedMap(map: JsonObject, form: (value: unknown) => unknown): JsonObject {
  return Object.fromEntries(
    Object.keys(map)
      .sort(byBytes)
      .map((key) => [key, form(map[key])]),
  )
}

function sortedDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedDeep)
  return typeof value === 'object' && value !== null ? sortedMap(value as JsonObject, sortedDeep) : value
}

/** The order of the UTF-8 bytes, which is the order of code points, unlike JavaScript's for characters above U+FFFF. */
export function byBytes(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  for (let at = 0; at < shorter; at++) {
    const difference = codePointOrder(a.charCodeAt(at)) - codePointOrder(b.charCodeAt(at))
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Puts surrogates, which are the halves of characters above U+FFFF, above all other code units. */
function codePointOrder(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
