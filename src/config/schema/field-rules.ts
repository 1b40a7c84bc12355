import { z } from 'zod'

/** What the zod type of a field cannot say: how it is spelt in cluster.yml and when the state file holds it. */
export interface FieldRules {
  /**
   * When the member is written into the state file. Without a rule: a block that is not optional always, an
   * optional block when it is there, anything else when it is neither "", 0, false, null, [] nor {}.
   * `always`: even then. `when-set`: unless it is missing or null, so an explicit false or 0 stays.
   */
  readonly emit?: 'always' | 'when-set'
  /** The key in cluster.yml, where it is not the snake_case form of the state file's key. */
  readonly yaml?: string
  /** The keys inside this block are the same in cluster.yml and in the state file. */
  readonly keys?: 'verbatim'
  /** This part of cluster.yml is a Kubernetes object: numbers and booleans stay what they are, keys are camelCase. */
  readonly decode?: 'kubernetes'
}

/** The rules of every schema that has any. */
export const fieldRules = z.registry<FieldRules>()

/** Gives `schema` its rules; to be called last, because a wrapper such as `.optional()` has none of its own. */
export function ruled<S extends z.ZodType>(schema: S, rules: FieldRules): S {
  fieldRules.add(schema, rules as never)
  return schema
}

/** Written into the state file even when empty. */
export const always = <S extends z.ZodType>(schema: S, rules: FieldRules = {}): S =>
  ruled(schema, { ...rules, emit: 'always' })

/** A nullable value: left out of the state file only when it was not given. */
export const whenSet = <S extends z.ZodType>(schema: S, rules: FieldRules = {}): S =>
  ruled(schema, { ...rules, emit: 'when-set' })

export const text = () => z.string()
export const optionalText = () => z.string().optional()
export const flag = () => z.boolean()
export const integer = () => z.int()
export const texts = () => z.array(z.string())
export const textMap = () => z.record(z.string(), z.string())
