import { z } from 'zod'
import { type FieldRules, fieldRules } from './field-rules.ts'

/** What a walk over the configuration needs to know of one schema, without zod's wrappers. */
export type SchemaView = Shape & {
  /** Missing from the configuration where nothing was given. */
  readonly optional: boolean
  readonly nullable: boolean
  readonly rules: FieldRules
}

type Shape =
  | { readonly kind: 'block'; readonly members: ReadonlyMap<string, z.ZodType>; readonly open: boolean }
  | { readonly kind: 'map'; readonly values: z.ZodType }
  | { readonly kind: 'list'; readonly items: z.ZodType }
  | { readonly kind: 'text' | 'switch' | 'integer' | 'number' | 'integer-or-text' | 'anything' }

const views = new WeakMap<z.ZodType, SchemaView>()

/** The view of a schema, made once. */
export function viewOf(schema: z.ZodType): SchemaView {
  const known = views.get(schema)
  if (known !== undefined) return known
  const view = makeView(schema)
  views.set(schema, view)
  return view
}

function makeView(schema: z.ZodType): SchemaView {
  let inner: unknown = schema
  let optional = false
  let nullable = false
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) {
    if (inner instanceof z.ZodOptional) optional = true
    else nullable = true
    inner = inner.unwrap()
  }
  return { ...shapeOf(inner), optional, nullable, rules: fieldRules.get(schema) ?? {} }
}

function shapeOf(schema: unknown): Shape {
  if (schema instanceof z.ZodObject) {
    const members = new Map<string, z.ZodType>(Object.entries(schema.shape))
    return { kind: 'block', members, open: schema.def.catchall !== undefined }
  }
  if (schema instanceof z.ZodRecord) return { kind: 'map', values: schema.valueType as z.ZodType }
  if (schema instanceof z.ZodArray) return { kind: 'list', items: schema.element as z.ZodType }
  if (schema instanceof z.ZodString) return { kind: 'text' }
  if (schema instanceof z.ZodBoolean) return { kind: 'switch' }
  if (schema instanceof z.ZodNumberFormat) return { kind: 'integer' }
  if (schema instanceof z.ZodNumber) return { kind: 'number' }
  if (schema instanceof z.ZodUnion) return { kind: 'integer-or-text' }
  return { kind: 'anything' }
}

/** The value of a member that was not given: "", 0, false, [], {}, null, or a block of such members. */
export function zeroOf(schema: z.ZodType): unknown {
  const view = viewOf(schema)
  if (view.optional) return undefined
  if (view.nullable) return null
  if (view.kind !== 'block') return zeroOfKind(view.kind) ?? ''
  return Object.fromEntries(
    [...view.members]
      .map(([name, member]) => [name, zeroOf(member)] as const)
      .filter(([, value]) => value !== undefined),
  )
}

/** The same of one kind of values; `undefined` for those that may be texts or anything else. */
export function zeroOfKind(kind: Exclude<Shape['kind'], 'block'>): unknown {
  switch (kind) {
    case 'map':
      return {}
    case 'list':
      return []
    case 'switch':
      return false
    case 'integer':
    case 'number':
      return 0
    case 'text':
      return ''
    default:
      return undefined
  }
}
