import { z } from 'zod'

/** What the zod type of a field cannot say: how it is spelt, when it is stored, and what it means to people. */
export interface FieldRules {
  /**
   * When the member is written into the state file. Without a rule: a block that is not optional always, an
   * optional block when it is there, anything else when it is neither "", 0, false, null, [] nor {}.
   * `always`: even then. `when-set`: unless it is missing or null, so an explicit false or 0 stays.
   * `never`: RKE does not know it, so the state file does not hold it.
   */
  readonly emit?: 'always' | 'when-set' | 'never'
  /** The key in cluster.yml, where it is not the snake_case form of the state file's key. */
  readonly yaml?: string
  /** The keys inside this block are the same in cluster.yml and in the state file. */
  readonly keys?: 'verbatim'
  /**
   * This part of cluster.yml is a Kubernetes object: numbers and booleans stay what they are, keys are camelCase, in
   * any case unless they are `verbatim`.
   */
  readonly decode?: 'kubernetes'
  /** It is one only while this switch of the block that holds it is on. */
  readonly decodeWhile?: string
  /** A number with a fraction is refused; elsewhere in RKE's own part of the file the fraction is truncated. */
  readonly whole?: true
  /** Page that explains what is in it, in place of the reference page. */
  readonly explainedAt?: string
  /** How a generated cluster.yml holds it where it has no value: not at all, or as null. Else it is empty. */
  readonly unset?: 'left-out' | 'null'
  /** Always made from other values, so a generated cluster.yml leaves it empty. */
  readonly derived?: true
  /** What it is for: the text of the reference page and of editors. */
  readonly about?: string
  /** The value in force where none is given; a text for people where it follows from something else. */
  readonly default?: string | number | boolean | { readonly from: string }
  /** The only values that make sense. */
  readonly oneOf?: readonly string[]
  /** A cluster file without it is refused. */
  readonly required?: true
  /** A password, key or token: kept out of every output. */
  readonly secret?: true
  /** May be taken from elsewhere by `${env:NAME}` or `${file:PATH}`. Every secret may. */
  readonly placeholders?: true
  /** Entries of this map that are secrets. */
  readonly secretEntries?: readonly string[]
}

/** Rules of a field, or only the text that says what it is for. */
export type About = string | FieldRules

/** The rules of every schema that has any. */
export const fieldRules = z.registry<FieldRules>()

/** Gives `schema` rules, besides those it has; to be called last, because a wrapper such as `.optional()` has none of its own. */
export function ruled<S extends z.ZodType>(schema: S, about: About): S {
  const rules = typeof about === 'string' ? { about } : about
  fieldRules.add(schema, { ...fieldRules.get(schema), ...rules } as never)
  return schema
}

/** Written into the state file even when empty. */
export const always = <S extends z.ZodType>(schema: S, about: About = {}): S =>
  ruled(ruled(schema, about), { emit: 'always' })

/** A nullable value: left out of the state file only when it was not given. */
export const whenSet = <S extends z.ZodType>(schema: S, about: About = {}): S =>
  ruled(ruled(schema, about), { emit: 'when-set' })

export const text = (about: About = {}) => ruled(z.string(), about)
export const optionalText = (about: About = {}) => ruled(z.string().optional(), about)
export const flag = (about: About = {}) => ruled(z.boolean(), about)
export const integer = (about: About = {}) => ruled(z.int(), about)
export const texts = (about: About = {}) => ruled(z.array(z.string()), about)
export const textMap = (about: About = {}) => ruled(z.record(z.string(), z.string()), about)

/** An optional password, key or token. */
export const secretText = (about: string) => optionalText({ about, secret: true })
