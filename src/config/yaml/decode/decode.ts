import type { z } from 'zod'
import { type SchemaView, viewOf } from '../../schema/reading/schema-view.ts'
import { stepsOf } from '../../schema/reading/trail.ts'
import { membersByKey } from '../../schema/reading/yaml-keys.ts'
import type { Report } from '../report.ts'
import { entriesOf, isNull, jsonKey, keyText, toJson } from '../tree/tree-tools.ts'
import type { YamlEntry, YamlMap, YamlNode } from '../tree/yaml-tree.ts'
import { type Context, contextFor, inside, outermost, withSwitch } from './decode-context.ts'
import { decodeScalar } from './scalar-rules.ts'
import { unknownKey } from './unknown-key.ts'

/**
 * Reads a tree by a schema: keys become those of the state file, values get their types by RKE's rules, null
 * counts as absent. Whatever does not fit is reported and left out; members not given are missing in the result.
 */
export function decode(schema: z.ZodType, root: YamlNode, report: Report): unknown {
  return decodeValue(schema, root, outermost(report))
}

function decodeValue(schema: z.ZodType, node: YamlNode, outer: Context, previous?: unknown): unknown {
  const view = viewOf(schema)
  if (isNull(node)) return isEmptyNull(view, node) ? emptyElement(view.kind) : undefined
  const context = contextFor(view, outer)
  const expected = (what: string, hint?: string): undefined => {
    const found = node.kind === 'map' ? 'a mapping' : node.kind === 'list' ? 'a list' : 'a single value'
    context.report(
      'error',
      node.at,
      stepsOf(context.trail),
      `must be ${what}, but ${found} is written here`,
      hint,
    )
    return undefined
  }
  switch (view.kind) {
    case 'anything':
      return toJson(node)
    case 'block':
      return node.kind === 'map' ? decodeBlock(view, node, context, previous) : expected('a mapping')
    case 'map':
      return node.kind === 'map' ? decodeMap(view.values, node, context, previous) : expected('a mapping')
    case 'list':
      if (node.kind !== 'list') return expected('a list', 'write `[a, b]`, or one `- a` per line')
      return node.items.map((item, index) => decodeElement(view.items, item, inside(context, index)))
    default:
      if (node.kind !== 'scalar') return expected(view.kind === 'text' ? 'a single text' : 'a single value')
      return decodeScalar(view.kind, node, context, view.rules)
  }
}

/**
 * `Null` and `NULL` are null for RKE as well, but leave an empty value where empty and absent differ; the other nulls
 * leave the value absent.
 */
function isEmptyNull({ kind, nullable, optional, rules }: SchemaView, node: YamlNode): boolean {
  if (node.kind !== 'scalar' || !/^N(?:ull|ULL)$/.test(node.text)) return false
  if (kind === 'block') return optional
  return (kind === 'switch' || kind === 'integer') && (nullable || rules.emit === 'when-set')
}

/** An element of a list or a map: null is an empty element, not a missing one. */
function decodeElement(schema: z.ZodType, node: YamlNode, context: Context, previous?: unknown): unknown {
  const { kind, nullable } = viewOf(schema)
  if (!isNull(node)) return decodeValue(schema, node, context, previous) ?? emptyElement(kind)
  return nullable || kind === 'anything' ? null : emptyElement(kind)
}

function emptyElement(kind: SchemaView['kind']): unknown {
  if (kind === 'block' || kind === 'map') return {}
  if (kind === 'list') return []
  return kind === 'switch' ? false : kind === 'integer' ? 0 : ''
}

function decodeMap(values: z.ZodType, node: YamlMap, context: Context, previous: unknown): unknown {
  const result: Record<string, unknown> = { ...(previous as Record<string, unknown> | undefined) }
  for (const { key, value } of entriesOf(node)) {
    const name = context.kubernetes ? jsonKey(key) : keyText(key)
    const decoded = decodeElement(values, value, inside(context, name))
    Object.defineProperty(result, name, {
      value: decoded,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return result
}

function decodeBlock(
  view: Extract<SchemaView, { kind: 'block' }>,
  node: YamlMap,
  context: Context,
  previous: unknown,
): unknown {
  const members = membersByKey(view, context.keys)
  const result: Record<string, unknown> = context.kubernetes ? {} : { ...(previous as object | undefined) }
  const seen = new Set<string>()
  const unknown: YamlEntry[] = []
  for (const { key, value, merged } of entriesOf(node)) {
    const written = keyText(key)
    const name = members.get(written) ?? (context.keys === 'any-case' ? anyCase(members, written) : undefined)
    const schema = name === undefined ? undefined : view.members.get(name)
    if (name === undefined || schema === undefined) {
      if (view.open) result[written] = toJson(value)
      else if (!isPlaceForAnchors(context, written)) unknown.push({ key, value })
      continue
    }
    if (merged === undefined && seen.has(written)) {
      context.report(
        'warning',
        key.at,
        stepsOf(inside(context, written).trail),
        'is given twice',
        'keep only one of them',
      )
    }
    if (merged === undefined) seen.add(written)
    const within = inside(context, written)
    const decoded = decodeValue(schema, value, withSwitch(viewOf(schema), node, value, within), result[name])
    if (decoded === undefined || isUnsetText(schema, decoded)) delete result[name]
    else result[name] = decoded
  }
  for (const { key, value } of unknown) {
    const path = stepsOf(inside(context, keyText(key)).trail)
    const remark = unknownKey(path, value, [...members.keys()], seen)
    if (remark !== undefined) context.report('warning', key.at, path, remark.message, remark.hint)
  }
  return result
}

/** `x-…` at the top of the file, where anchors may stand. */
const isPlaceForAnchors = (context: Context, key: string): boolean =>
  context.trail === undefined && key.startsWith('x-')

const anyCase = (members: ReadonlyMap<string, string>, written: string): string | undefined =>
  [...members].find(([key]) => key.toLowerCase() === written.toLowerCase())?.[1]

/** An optional text that is empty is the same as none. */
function isUnsetText(schema: z.ZodType, value: unknown): boolean {
  const view = viewOf(schema)
  return value === '' && view.kind === 'text' && view.optional && view.rules.emit === undefined
}
