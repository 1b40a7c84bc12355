import { fold } from './fold.ts'
import { readsAsOtherType } from './other-type.ts'

export interface ScalarPlace {
  /** Column at which the scalar begins. */
  readonly column: number
  /** Blanks before each further line of it. */
  readonly indent: number
  /** Keys stay on one line. */
  readonly key?: boolean
}

/** What must be escaped: control characters, and what is not in the basic plane or no character at all. */
const UNPRINTABLE = /(?!\n)[\p{Cc}\ufeff\ufffe\uffff\u2028\u2029\u{10000}-\u{10ffff}]/u
const NO_PLAIN_START = /^(---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:-]( |$))/
const NO_PLAIN_INSIDE = /:( |$)| #|^ | $/
const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\u2028': 'L',
  '\u2029': 'P',
}

/** A text as a YAML scalar: plain where it may be, else quoted, or a literal block for several lines. */
export function textScalar(text: string, place: ScalarPlace): string {
  const style = styleOf(text, place.key ?? false)
  if (style === 'literal') return literal(text, place.indent)
  const { column, indent } = place.key ? { column: -Infinity, indent: 0 } : place
  if (style === 'plain') return fold(text, { column, indent, quotes: 'none', write: (char) => char })
  if (style === 'single') {
    const write = (char: string): string => (char === "'" ? "''" : char)
    return `'${fold(text, { column: column + 1, indent, quotes: 'single', write })}'`
  }
  return `"${fold(text, { column: column + 1, indent, quotes: 'double', write: escaped })}"`
}

function styleOf(text: string, key: boolean): 'plain' | 'single' | 'double' | 'literal' {
  if (text === '' || UNPRINTABLE.test(text) || text.includes(' \n')) return 'double'
  if (text.includes('\n')) return key || text.endsWith(' ') ? 'double' : 'literal'
  if (readsAsOtherType(text)) return 'double'
  return NO_PLAIN_START.test(text) || NO_PLAIN_INSIDE.test(text) ? 'single' : 'plain'
}

function escaped(char: string): string {
  const short = ESCAPES[char]
  if (short !== undefined) return `\\${short}`
  if (!UNPRINTABLE.test(char)) return char
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase()
  if (code.length <= 2) return `\\x${code.padStart(2, '0')}`
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`
}

/** Without its last line break: the writer ends every line. */
function literal(text: string, indent: number): string {
  const indentation = /^[ \n]/.test(text) ? '2' : ''
  const chomping = !text.endsWith('\n') ? '-' : /(^|\n)\n$/.test(text) ? '+' : ''
  const body = text.endsWith('\n') ? text.slice(0, -1) : text
  const lines = body.split('\n').map((line) => (line === '' ? '' : `${' '.repeat(indent)}${line}`))
  return [`|${indentation}${chomping}`, ...lines].join('\n')
}

/**
 * A number as it reads after its way through a 64-bit float: integers in full as long as they fit 64 bits, else the
 * shortest decimal form, with an exponent of at least two digits below 10⁻⁴ and from 10⁶ on.
 */
export function numberScalar(value: number): string {
  if (Number.isInteger(value) && value < 2 ** 64 && value >= -(2 ** 63)) return String(value)
  const [mantissa = '', exponent = ''] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 6) return String(value)
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}
