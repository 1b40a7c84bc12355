import type { z } from 'zod'
import type { FieldRules } from './field-rules.ts'
import { viewOf } from './schema-view.ts'
import { stepsOf, type Trail } from './trail.ts'

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
  collect(schema, value, undefined, none, found)
  return found
}

const none: FieldRules = {}
const secret: FieldRules = { secret: true }

/** Makes its path only when it is asked for: of hundreds of texts one or two are. */
class TextOnTrail implements TextAt {
  readonly text: string
  readonly rules: FieldRules
  readonly #trail: Trail | undefined

  constructor(text: string, trail: Trail | undefined, rules: FieldRules) {
    this.text = text
    this.rules = rules
    this.#trail = trail
  }

  get path(): TextAt['path'] {
    return stepsOf(this.#trail)
  }
}

function collect(
  schema: z.ZodType,
  value: unknown,
  trail: Trail | undefined,
  outer: FieldRules,
  found: TextAt[],
): void {
  if (value === undefined || value === null || value === '') return
  const view = viewOf(schema)
  if (typeof value === 'string') {
    found.push(new TextOnTrail(value, trail, outer === none ? view.rules : { ...outer, ...view.rules }))
  } else if (view.kind === 'list' && Array.isArray(value)) {
    const { oneOf } = view.rules
    const rules = oneOf === undefined ? none : { oneOf }
    value.forEach((item, index) => {
      collect(view.items, item, { outer: trail, step: index }, rules, found)
    })
  } else if (view.kind === 'map') {
    const secrets = view.rules.secretEntries ?? []
    for (const [key, entry] of Object.entries(value)) {
      const rules = secrets.includes(key) ? secret : none
      collect(view.values, entry, { outer: trail, step: key }, rules, found)
    }
  } else if (view.kind === 'block') {
    for (const [name, member] of view.members) {
      collect(member, (value as Record<string, unknown>)[name], { outer: trail, step: name }, none, found)
    }
  }
}
