import { randomNumbers } from '../operations/random.ts'

const FIELDS = [
  '.S',
  '.E',
  '.B',
  '.F',
  '.I',
  '.Z',
  '.L',
  '.EL',
  '.NL',
  '.M',
  '.NM',
  '.Back',
  '.Nil',
  '.CIDR',
  '.Nope',
]
const VALUES = [
  '"text"',
  '""',
  '"a"',
  '"a\\tb"',
  '`raw`',
  '0',
  '2',
  '-1',
  'true',
  'false',
  '.',
  '$',
  '.Back.Type',
  '$.S',
  '.M.a',
  '.M.zz',
]
const CALLS = [
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'and',
  'or',
  'not',
  'len',
  'index',
  'default',
  'first',
  'last',
  'indent',
]
const MORE_CALLS = [
  'toYaml',
  'GetKubednsStubDomains',
  'splitList',
  'printf "%q"',
  'printf "%v"',
  'printf "%s-%d"',
  'quote',
  'upper',
  'lower',
]
const TEXTS = ['', ' ', '\n', '  \n\t ', 'a', 'key: value\n', '- x\n\n', 'é', '}}', '{']
const PIECES = [
  '{{',
  '}}',
  '{{-',
  ' -}}',
  '{{end}}',
  '{{else}}',
  '"',
  '(',
  ')',
  '|',
  ':=',
  '$',
  '.',
  '/*',
  '*/',
  '`',
  '\\',
  '\n',
  "'",
]

/** A random template, mostly a correct one; in one of four a few characters are wrong. */
export class RandomTemplate {
  readonly #number: (below: number) => number
  readonly #variables: string[] = []

  constructor(seed: number) {
    this.#number = randomNumbers(seed)
  }

  text(): string {
    const text = this.#nodes(3)
    return this.#chance(0.25) ? this.#damaged(text) : text
  }

  #chance = (share: number): boolean => this.#number(1000) < share * 1000
  #pick<T>(from: readonly T[]): T | undefined {
    return from[this.#number(from.length)]
  }

  #nodes(depth: number): string {
    const known = this.#variables.length
    const count = 1 + this.#number(3)
    const nodes = Array.from({ length: count }, () => this.#node(depth)).join('')
    this.#variables.length = known
    return nodes
  }

  #node(depth: number): string {
    const kind = depth === 0 ? this.#number(3) : this.#number(7)
    if (kind === 0) return this.#pick(TEXTS) ?? ''
    if (kind === 1) return this.#action(this.#pipeline(2))
    if (kind === 2) return this.#declaration()
    if (kind === 3) return '{{/* {{ */}}'
    if (kind === 4) return this.#range(depth - 1)
    const keyword = kind === 5 ? 'with' : 'if'
    const elseIf = keyword === 'if' && this.#chance(0.3)
    const other = elseIf ? `${this.#action(`else if ${this.#pipeline(1)}`)}${this.#nodes(depth - 1)}` : ''
    const last = this.#chance(0.5) ? `${this.#action('else')}${this.#nodes(depth - 1)}` : ''
    return `${this.#action(`${keyword} ${this.#pipeline(1)}`)}${this.#nodes(depth - 1)}${other}${last}{{end}}`
  }

  #action(inside: string): string {
    const left = this.#pick(['{{', '{{ ', '{{- ']) ?? ''
    return `${left}${inside}${this.#pick(['}}', ' }}', ' -}}', '\n}}'])}`
  }

  #declaration(): string {
    const name = this.#pick(['$a', '$b', '$c']) ?? '$a'
    const text = this.#action(
      `${name} ${this.#variables.includes(name) && this.#chance(0.5) ? '=' : ':='} ${this.#pipeline(1)}`,
    )
    this.#variables.push(name)
    return text
  }

  #range(depth: number): string {
    const over = this.#pick([...FIELDS, '$.L', '$.M', 'splitList "," $.CIDR'])
    const head = this.#pick(['', '$k, $v := ', '$k,$v :=', '$v := ']) ?? ''
    const known = this.#variables.length
    this.#variables.push(...(head.match(/\$\w/g) ?? []))
    const text = `${this.#action(`range ${head}${over}`)}${this.#nodes(depth)}${this.#chance(0.2) ? `{{else}}${this.#nodes(depth)}` : ''}{{end}}`
    this.#variables.length = known
    return text
  }

  #pipeline(depth: number): string {
    const first = this.#chance(0.5) ? this.#operand(depth) : this.#call(depth)
    return this.#chance(0.25) ? `${first} | ${this.#call(depth)}` : first
  }

  #call(depth: number): string {
    const name = this.#pick(this.#chance(0.6) ? CALLS : MORE_CALLS) ?? ''
    const count = this.#number(3) + (this.#chance(0.7) ? 1 : 0)
    return [name, ...Array.from({ length: count }, () => this.#operand(depth))].join(' ')
  }

  #operand(depth: number): string {
    if (depth > 0 && this.#chance(0.2)) return `(${this.#pipeline(depth - 1)})`
    return this.#pick(this.#chance(0.5) ? FIELDS : [...VALUES, ...this.#variables, ...this.#variables]) ?? ''
  }

  #damaged(text: string): string {
    const at = this.#number(text.length + 1)
    const gone = this.#chance(0.5) ? this.#number(3) : 0
    return `${text.slice(0, at)}${this.#pick([...PIECES, ''])}${text.slice(at + gone)}`
  }
}
