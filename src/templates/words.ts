import { unquoted } from './literals.ts'
import { TemplateProblem } from './template-problem.ts'

/** One word of an action. */
export type Word =
  | { readonly kind: 'space' | 'dot' | '(' | ')' | '|' | ',' | ':=' | '='; readonly text: string }
  /** A name, `$name`, or the name of `.name`. */
  | { readonly kind: 'name' | 'variable' | 'field'; readonly text: string }
  | { readonly kind: 'constant'; readonly text: string; readonly value: string | number }

/** Words but quoted ones, by kind; the first that fits counts. */
const SHAPES: readonly (readonly [Exclude<Word['kind'], 'constant'> | 'number', RegExp])[] = [
  ['space', /[ \t\r\n]+/y],
  [':=', /:=/y],
  ['=', /=/y],
  ['(', /\(/y],
  [')', /\)/y],
  ['|', /\|/y],
  [',', /,/y],
  ['field', /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['number', /[+-]?\.?\d[\w.]*(?:[eEpP][+-]\d+)?/y],
  ['dot', /\./y],
  ['variable', /\$[\p{L}\p{Nd}_]*/uy],
  ['name', /[\p{L}_][\p{L}\p{Nd}_]*/uy],
]

/** The word at an offset, and where it ends; `undefined` where there is none. */
export function wordAt(text: string, at: number, line: number): { word: Word; end: number } | undefined {
  const first = text[at]
  if (first === '"' || first === '`' || first === "'") return quotedWord(text, at, line, first)
  for (const [kind, shape] of SHAPES) {
    shape.lastIndex = at
    const found = shape.exec(text)?.[0]
    if (found === undefined) continue
    const end = at + found.length
    if (kind === 'number') return { word: { kind: 'constant', text: found, value: whole(found, line) }, end }
    return { word: { kind, text: kind === 'field' ? found.slice(1) : found }, end }
  }
  return undefined
}

function whole(text: string, line: number): number {
  const value = Number(text)
  if (/^[+-]?(0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(value)) return value
  throw new TemplateProblem(`the number ${text} is not supported: only decimal whole numbers are`, line)
}

function quotedWord(text: string, at: number, line: number, quote: '"' | '`' | "'") {
  const end = endOfQuoted(text, at, quote)
  if (end === undefined) throw new TemplateProblem(`the text that begins with ${quote} has no end`, line)
  const inside = text.slice(at + 1, end - 1)
  const found = quote === '`' ? inside.replaceAll('\r', '') : unquoted(inside, quote)
  if (found === undefined) throw new TemplateProblem('the text has an escape that is not supported', line)
  return {
    word: { kind: 'constant', text: quote, value: quote === "'" ? rune(found, line) : found },
    end,
  } as const
}

function endOfQuoted(text: string, at: number, quote: string): number | undefined {
  for (let index = at + 1; index < text.length; index++) {
    if (text[index] === quote) return index + 1
    if (quote === '`') continue
    if (text[index] === '\n') return undefined
    if (text[index] === '\\') index++
  }
  return undefined
}

/** A character constant is the number of its character. */
function rune(text: string, line: number): number {
  const [char, ...more] = text
  if (char !== undefined && more.length === 0) return char.codePointAt(0) ?? 0
  throw new TemplateProblem('a character constant holds one character', line)
}
