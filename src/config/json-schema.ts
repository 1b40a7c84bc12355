import type { z } from 'zod'
import { clusterConfigSchema } from './schema/cluster.ts'
import type { FieldRules } from './schema/reading/field-rules.ts'
import { type SchemaView, viewOf } from './schema/reading/schema-view.ts'
import { yamlKey } from './schema/reading/yaml-keys.ts'

/** A JSON Schema, or part of one. */
export type JsonSchema = { readonly [key: string]: unknown }

/** How values are written in the part of the file at hand; see the rules of the same names. */
interface Style {
  readonly verbatim: boolean
  readonly kubernetes: boolean
}

/**
 * JSON Schema (draft 7, the one editors know best) of a cluster file. It takes what this program takes without a
 * word: any scalar where a text is wanted, null and empty values for everything, keys of any name at the top that
 * begin with `x-`.
 */
export function clusterJsonSchema(): JsonSchema {
  const root = schemaOf(clusterConfigSchema, { verbatim: false, kubernetes: false })
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'cluster.yml of RKE',
    ...root,
    patternProperties: { '^x-': { description: 'Ignored: a place for anchors.' } },
  }
}

function schemaOf(schema: z.ZodType, outer: Style): JsonSchema {
  const view = viewOf(schema)
  const { rules } = view
  const kubernetes = outer.kubernetes || rules.decode === 'kubernetes'
  const style = { kubernetes, verbatim: outer.verbatim || kubernetes || rules.keys === 'verbatim' }
  const description = describe(rules)
  return {
    ...(description === '' ? {} : { description }),
    ...(rules.default === undefined || typeof rules.default === 'object' ? {} : { default: rules.default }),
    ...shapeOf(view, style),
  }
}

/** What a key is for, with the default where that is no plain value. */
function describe({ about = '', default: byDefault, secret }: FieldRules): string {
  const from = typeof byDefault === 'object' ? `Default: ${byDefault.from}.` : ''
  const hidden = secret ? 'Secret.' : ''
  return [about, from, hidden].filter((part) => part !== '').join(' ')
}

function shapeOf(view: SchemaView, style: Style): JsonSchema {
  const { oneOf } = view.rules
  switch (view.kind) {
    case 'block':
      return blockOf(view, style)
    case 'map':
      return { type: ['object', 'null'], additionalProperties: schemaOf(view.values, style) }
    case 'list': {
      const items = schemaOf(view.items, style)
      return { type: ['array', 'null'], items: oneOf === undefined ? items : { enum: oneOf } }
    }
    case 'switch':
      return { type: ['boolean', 'null'] }
    case 'integer':
      return { type: ['integer', 'null'] }
    case 'number':
      return { type: ['number', 'null'] }
    case 'integer-or-text':
      return { type: ['integer', 'string', 'null'] }
    case 'text':
      if (oneOf !== undefined) return { enum: [...oneOf, '', null] }
      return { type: style.kubernetes ? ['string', 'null'] : ['string', 'number', 'boolean', 'null'] }
    default:
      return {}
  }
}

function blockOf(view: Extract<SchemaView, { kind: 'block' }>, style: Style): JsonSchema {
  const members = [...view.members].map(([name, member]) => ({
    key: yamlKey(name, member, style.verbatim),
    member,
  }))
  const required = members.filter(({ member }) => viewOf(member).rules.required).map(({ key }) => key)
  return {
    type: ['object', 'null'],
    properties: Object.fromEntries(members.map(({ key, member }) => [key, schemaOf(member, style)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: view.open,
  }
}
