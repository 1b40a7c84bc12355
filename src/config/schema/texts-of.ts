import type { z } from 'zod'
import type { FieldRules } from './field-rules.ts'
import { viewOf } from './schema-view.ts'

/** A text somewhere in a configuration, with the rules of the field that holds it. */
export interface TextAt {
  readonly text: string
  /** In the state file's spelling. */
  readonly path: readonly (string | number)[]
  readonly rules: FieldRules
}

/** Every text of a configuration that is not empty, in the order of the schema; texts of lists and maps one by one. */
export function textsOf(schema: z.ZodType, value: unknown): readonly TextAt[] {
  const found: TextAt[] = []
  collect(schema, value, [], {}, found)
  return found
}

function collect(
  schema: z.ZodType,
  value: unknown,
  path: TextAt['path'],
  outer: FieldRules,
  found: TextAt[],
): void {
  if (value === undefined || value === null || value === '') return
  const view = viewOf(schema)
  if (typeof value === 'string') {
    found.push({ text: value, path, rules: { ...outer, ...view.rules } })
  } else if (view.kind === 'list' && Array.isArray(value)) {
    const { oneOf } = view.rules
    const rules = oneOf === undefined ? {} : { oneOf }
    value.forEach((item, index) => {
      collect(view.items, item, [...path, index], rules, found)
    })
  } else if (view.kind === 'map') {
    const secrets = view.rules.secretEntries ?? []
    for (const [key, entry] of Object.entries(value)) {
      collect(view.values, entry, [...path, key], secrets.includes(key) ? { secret: true } : {}, found)
    }
  } else if (view.kind === 'block') {
    for (const [name, member] of view.members) {
      collect(member, (value as Record<string, unknown>)[name], [...path, name], {}, found)
    }
  }
}
