import type { z } from 'zod'
import { type SchemaView, viewOf, zeroOfKind } from '../schema/reading/schema-view.ts'
import { yamlKey } from '../schema/reading/yaml-keys.ts'

interface Style {
  readonly verbatim: boolean
  /** Inside a Kubernetes object: what has no value is left out. */
  readonly kubernetes: boolean
}

/**
 * A configuration, whole or in part, as it stands in a generated cluster.yml: every key that RKE writes, in RKE's
 * order, empty where there is no value.
 */
export function configTree(schema: z.ZodType, value: unknown): unknown {
  return treeOf(schema, value, { verbatim: false, kubernetes: false })
}

function treeOf(schema: z.ZodType, value: unknown, outer: Style): unknown {
  const view = viewOf(schema)
  const kubernetes = outer.kubernetes || view.rules.decode === 'kubernetes'
  const style = { kubernetes, verbatim: outer.verbatim || kubernetes || view.rules.keys === 'verbatim' }
  if (view.kind === 'block') return blockTree(view, value as Readonly<Record<string, unknown>>, style)
  if (view.kind === 'list') return (value as readonly unknown[]).map((item) => inner(view.items, item, style))
  if (view.kind !== 'map') return value
  return Object.fromEntries(
    Object.entries(value as object).map(([key, each]) => [key, inner(view.values, each, style)]),
  )
}

const inner = (schema: z.ZodType, value: unknown, style: Style): unknown =>
  isMissing(value) ? emptyOf(schema, style) : treeOf(schema, value, style)

function blockTree(
  view: Extract<SchemaView, { kind: 'block' }>,
  value: Readonly<Record<string, unknown>>,
  style: Style,
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [name, member] of view.members) {
    const { derived, unset } = viewOf(member).rules
    const given = derived ? undefined : value[name]
    if (isMissing(given) && (style.kubernetes || unset === 'left-out')) continue
    if (style.kubernetes && isUnsaid(member, given)) continue
    result[yamlKey(name, member, style.verbatim)] = inner(member, given, style)
  }
  if (view.open) {
    for (const [name, given] of Object.entries(value)) if (!view.members.has(name)) result[name] = given
  }
  return result
}

const isMissing = (value: unknown): boolean => value === undefined || value === null

/** An empty value that means the same as none. */
function isUnsaid(schema: z.ZodType, value: unknown): boolean {
  const { kind, optional, rules } = viewOf(schema)
  if (rules.emit !== undefined || (optional && kind === 'block')) return false
  return value === '' || value === 0 || value === false || (Array.isArray(value) && value.length === 0)
}

function emptyOf(schema: z.ZodType, style: Style): unknown {
  const view = viewOf(schema)
  const { emit, unset } = view.rules
  if (unset === 'null' || view.nullable || emit === 'when-set') return null
  if (view.optional && view.kind !== 'text') return null
  return view.kind === 'block' ? blockTree(view, {}, style) : (zeroOfKind(view.kind) ?? null)
}
