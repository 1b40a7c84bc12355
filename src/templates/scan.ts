import { TemplateProblem } from './template-problem.ts'
import { type Word, wordAt } from './words.ts'

/** A part of a template: text between actions, or the words of an action. `line` is where it begins, from 1. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  | { readonly kind: 'action'; readonly words: readonly Word[]; readonly line: number }

const SPACE = /[ \t\r\n]/
const isSpace = (char: string | undefined): boolean => char !== undefined && SPACE.test(char)

/** A comment has no blank before its slash; what is in it does not count. */
const COMMENT = '/*'

/**
 * Takes a template apart. `{{- ` takes the white space before it away, and ` -}}` that after it; comments are gone.
 * @throws TemplateProblem
 */
export function scan(template: string): readonly Piece[] {
  const pieces: Piece[] = []
  const lines = lineCounter(template)
  for (let at = 0; at < template.length; ) {
    const opening = template.indexOf('{{', at)
    const text = template.slice(at, opening === -1 ? undefined : opening)
    const line = lines(opening === -1 ? template.length : opening)
    const trimsLeft = opening !== -1 && template[opening + 2] === '-' && isSpace(template[opening + 3])
    if (text !== '') pieces.push({ kind: 'text', text: trimsLeft ? trimLast(text) : text, line })
    if (opening === -1) break
    const inside = opening + (trimsLeft ? 4 : 2)
    const isComment = template.startsWith(COMMENT, inside)
    const end = isComment ? endOfComment(template, inside, line) : readAction(template, inside, line, pieces)
    at = end.trims ? pastSpace(template, end.at) : end.at
  }
  return pieces
}

/** Regular expressions search white space in the midst of a text once for each of its characters. */
function trimLast(text: string): string {
  let end = text.length
  while (end > 0 && isSpace(text[end - 1])) end--
  return text.slice(0, end)
}

function pastSpace(text: string, from: number): number {
  let at = from
  while (isSpace(text[at])) at++
  return at
}

interface End {
  readonly at: number
  /** White space after it goes. */
  readonly trims: boolean
}

/** Where an action ends, if it does so here: at `}}`, or at white space and `-}}`. */
function endHere(text: string, at: number): End | undefined {
  if (text.startsWith('}}', at)) return { at: at + 2, trims: false }
  return isSpace(text[at]) && text.startsWith('-}}', at + 1) ? { at: at + 4, trims: true } : undefined
}

function endOfComment(text: string, from: number, line: number): End {
  const close = text.indexOf('*/', from + COMMENT.length)
  const end = close === -1 ? undefined : endHere(text, close + 2)
  if (end !== undefined) return end
  throw new TemplateProblem(close === -1 ? 'the comment has no end' : 'a comment ends with */}}', line)
}

function readAction(text: string, from: number, line: number, pieces: Piece[]): End {
  const words: Word[] = []
  for (let at = from; at < text.length; ) {
    const space = isSpace(text[at]) ? pastSpace(text, at) : at
    const end = endHere(text, space > at && text[space] === '-' ? space - 1 : at)
    if (end !== undefined) {
      pieces.push({ kind: 'action', words, line })
      return end
    }
    const next = wordAt(text, at, line)
    if (next === undefined)
      throw new TemplateProblem(`${JSON.stringify(text[at])} is not expected here`, line)
    words.push(next.word)
    at = next.end
  }
  throw new TemplateProblem('the action has no end', line)
}

/** Line numbers of offsets that are asked for in ascending order. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1
  let counted = 0
  return (offset) => {
    for (let at = text.indexOf('\n', counted); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
      line++
      counted = at + 1
    }
    return line
  }
}
