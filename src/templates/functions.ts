import { own } from '../config/own.ts'
import { sortedYaml } from '../config/yaml/write/sorted-yaml.ts'
import { compareValues, equal } from './comparison.ts'
import { goJson } from './go-json.ts'
import { quoted } from './literals.ts'
import { notPrintable, printed } from './printed.ts'
import { isTrue, type List, list, nameOfKind, pointedTo, toJson, type Value } from './values.ts'

/** Why a function has no result for its arguments. */
export class Unusable {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
}

/** Says before a text of that length is made that it will be. */
export type AllowText = (length: number) => void

interface TemplateFunction {
  readonly least: number
  readonly most: number
  readonly call: (args: readonly Value[], allow: AllowText) => Value | Unusable
}

/** Functions of Go's text/template, of the Sprig library, and RKE's own (`toYaml`, `GetKubednsStubDomains`). */
const FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  and: of(1, Infinity, (args) => args.at(-1)),
  or: of(1, Infinity, (args) => args.at(-1)),
  not: of(1, 1, ([value]) => !isTrue(value)),
  eq: of(2, Infinity, ([first, ...others]) => equalToAny(first, others)),
  ne: of(2, 2, ([a, b]) => negated(equal(a, b))),
  lt: of(2, 2, ([a, b]) => ordered(a, b, (order) => order < 0)),
  le: of(2, 2, ([a, b]) => ordered(a, b, (order) => order <= 0)),
  gt: of(2, 2, ([a, b]) => ordered(a, b, (order) => order > 0)),
  ge: of(2, 2, ([a, b]) => ordered(a, b, (order) => order >= 0)),
  len: of(1, 1, ([value]) => lengthOf(pointedTo(value))),
  index: of(1, Infinity, ([value, ...keys]) => indexed(value, keys)),
  printf: of(1, Infinity, ([format, ...args], allow) => formatted(format, args, allow)),
  default: of(1, Infinity, ([fallback, value]) => (isTrue(value) ? value : fallback)),
  ternary: of(3, 3, ([yes, no, choice]) =>
    typeof choice === 'boolean' ? (choice ? yes : no) : wrong(choice, 'a boolean'),
  ),
  splitList: of(2, 2, ([separator, text]) =>
    withText(separator, (by) => withText(text, (whole) => list(split(whole, by)))),
  ),
  first: of(1, 1, ([value]) => withList(value, ({ items }) => items[0])),
  last: of(1, 1, ([value]) => withList(value, ({ items }) => items.at(-1))),
  indent: of(2, 2, ([count, text], allow) => indented(count, text, allow)),
  upper: of(1, 1, ([text]) => withText(text, (plain) => plain.toUpperCase())),
  lower: of(1, 1, ([text]) => withText(text, (plain) => plain.toLowerCase())),
  quote: of(0, Infinity, (args) => quotedAll(args)),
  toYaml: of(1, 1, ([value]) => sortedYaml(toJson(value)).slice(0, -1)),
  GetKubednsStubDomains: of(1, 1, ([value]) => goJson(value)),
}

function of(least: number, most: number, call: TemplateFunction['call']): TemplateFunction {
  return { least, most, call }
}

export const isFunction = (name: string): boolean => own(FUNCTIONS, name) !== undefined

/** The value of a function. `and` and `or` get the arguments up to the one that decides. */
export function callFunction(name: string, args: readonly Value[], allow: AllowText): Value | Unusable {
  const known = own(FUNCTIONS, name)
  if (known === undefined) return new Unusable('it is not known')
  if (args.length < known.least || args.length > known.most) {
    return new Unusable(`it cannot take ${args.length} argument${args.length === 1 ? '' : 's'}`)
  }
  return known.call(args, allow)
}

const wrong = (value: Value, wanted: string): Unusable =>
  new Unusable(`${nameOfKind(value)} is given where ${wanted} is needed`)

function withText(value: Value, make: (text: string) => Value | Unusable): Value | Unusable {
  const text = pointedTo(value)
  return typeof text === 'string' ? make(text) : wrong(value, 'a text')
}

function withList(value: Value, make: (list: List) => Value): Value | Unusable {
  const items = pointedTo(value)
  return typeof items === 'object' && items?.kind === 'list' ? make(items) : wrong(value, 'a list')
}

/** Equal to one of them; all are compared until one is. */
function equalToAny(first: Value, others: readonly Value[]): boolean | Unusable {
  for (const other of others) {
    const same = equal(first, other)
    if (same !== false) return same ?? incompatible(first, other)
  }
  return false
}

const negated = (same: boolean | undefined): boolean | Unusable =>
  same === undefined ? new Unusable('incompatible types for comparison') : !same

const incompatible = (a: Value, b: Value): Unusable =>
  new Unusable(`incompatible types for comparison: ${nameOfKind(a)} and ${nameOfKind(b)}`)

function ordered(a: Value, b: Value, fits: (order: number) => boolean): boolean | Unusable {
  const order = compareValues(a, b)
  return order === undefined ? incompatible(a, b) : fits(order)
}

function lengthOf(value: Value): number | Unusable {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (typeof value === 'object' && value?.kind === 'list') return value.items.length
  if (typeof value === 'object' && value?.kind === 'map') return value.entries.size
  return wrong(value, 'a text, a list or a map')
}

function indexed(value: Value, keys: readonly Value[]): Value | Unusable {
  let found = pointedTo(value)
  if (found === undefined || found === null) return new Unusable('index of nil')
  for (const key of keys) {
    const next = element(found, key)
    if (next instanceof Unusable) return next
    found = pointedTo(next)
  }
  return found
}

function element(value: Value, key: Value): Value | Unusable {
  if (typeof value !== 'object' || (value?.kind !== 'list' && value?.kind !== 'map')) {
    return wrong(value, 'a list or a map')
  }
  if (value.kind === 'map') {
    if (typeof key !== 'string') return wrong(key, 'a text')
    return value.entries.has(key) ? value.entries.get(key) : value.zero
  }
  if (typeof key !== 'number') return wrong(key, 'a number')
  return key in value.items ? value.items[key] : new Unusable(`index out of range: ${key}`)
}

const split = (text: string, separator: string): readonly string[] =>
  separator === '' ? [...text] : text.split(separator)

/** Every line, the empty and the first one too. */
function indented(count: Value, text: Value, allow: AllowText): Value | Unusable {
  if (typeof count !== 'number') return wrong(count, 'a number')
  if (count < 0) return new Unusable('the number of blanks is negative')
  return withText(text, (plain) => {
    allow(plain.length + count * plain.split('\n').length)
    const blanks = ' '.repeat(count)
    return blanks + plain.replaceAll('\n', `\n${blanks}`)
  })
}

/** Go's `%v`, `%s`, `%d`, `%t` and `%q`, for values that fit them, without widths. */
function formatted(format: Value, args: readonly Value[], allow: AllowText): Value | Unusable {
  if (typeof format !== 'string') return wrong(format, 'a text')
  const rest = [...args]
  const parts: string[] = []
  for (const [part] of format.matchAll(/%.?|[^%]+/gsu)) {
    const text = part[0] !== '%' || part === '%%' ? part.replace('%%', '%') : verb(part, rest)
    if (text instanceof Unusable) return text
    allow(text.length)
    parts.push(text)
  }
  return rest.length === 0 ? parts.join('') : new Unusable('it has more values than its text has verbs')
}

function verb(name: string, args: Value[]): string | Unusable {
  if (args.length === 0) return new Unusable(`it has no value for ${name}`)
  const value = pointedTo(args.shift())
  const kind = typeof value
  const fits =
    (name === '%v' && value !== undefined && value !== null) ||
    ((name === '%s' || name === '%q') && kind === 'string') ||
    (name === '%d' && kind === 'number') ||
    (name === '%t' && kind === 'boolean')
  if (!fits) return new Unusable(`${name} of ${nameOfKind(value)} is not supported`)
  return name === '%q' ? quoted(String(value)) : (printed(value) ?? new Unusable(notPrintable(value)))
}

function quotedAll(args: readonly Value[]): string | Unusable {
  const texts = args.filter((value) => value !== undefined && value !== null).map(printed)
  return texts.includes(undefined)
    ? new Unusable('a structure cannot be quoted')
    : texts.map((text) => quoted(text ?? '')).join(' ')
}
