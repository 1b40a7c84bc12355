import { isFunction } from './functions.ts'
import type { Command, Operand, Pipeline } from './syntax.ts'
import { TemplateProblem } from './template-problem.ts'
import type { Word } from './words.ts'

/** Names of the variables that exist at this place of the template, with their `$`. */
export type Variables = string[]

/** More than anybody writes, and little enough for the stack. */
const MOST_PARENTHESES = 100

/** The words of one action, one after the other. */
export class WordReader {
  readonly #words: readonly Word[]
  readonly line: number
  #at = 0
  parentheses = 0

  constructor(words: readonly Word[], line: number) {
    this.#words = words
    this.line = line
  }

  peek(): Word | undefined {
    return this.#words[this.#at]
  }

  next(): Word | undefined {
    return this.#words[this.#at++]
  }

  skipSpace(): Word | undefined {
    while (this.peek()?.kind === 'space') this.#at++
    return this.peek()
  }

  /** Takes the next word if it is one of these names. */
  takeKeyword(names: readonly string[]): string | undefined {
    const word = this.skipSpace()
    if (word?.kind !== 'name' || !names.includes(word.text)) return undefined
    this.#at++
    return word.text
  }

  /** Takes the next word if it is of one of these kinds; nothing is taken otherwise, no white space either. */
  takeKind(kinds: readonly Word['kind'][]): Word | undefined {
    const before = this.#at
    const word = this.skipSpace()
    if (word !== undefined && kinds.includes(word.kind)) return this.next()
    this.#at = before
    return undefined
  }

  /** Does something that may turn out not to fit, and goes back then. */
  attempt<T>(action: () => T | undefined): T | undefined {
    const before = this.#at
    const result = action()
    if (result === undefined) this.#at = before
    return result
  }

  /** At the end of a pipeline. */
  atEnd(): boolean {
    const word = this.skipSpace()
    return word === undefined || word.kind === ')'
  }

  expectEnd(): void {
    const word = this.skipSpace()
    if (word !== undefined) throw this.unexpected(word)
  }

  unexpected(word: Word | undefined): TemplateProblem {
    if (word === undefined) return this.problem('a value is missing')
    return this.problem(`${JSON.stringify(word.text)} is not expected here`)
  }

  problem(reason: string): TemplateProblem {
    return new TemplateProblem(reason, this.line)
  }
}

/**
 * Reads a pipeline up to the end of the action or to a closing parenthesis.
 * @param variables gets those that the pipeline declares
 */
export function parsePipeline(words: WordReader, variables: Variables, { range = false } = {}): Pipeline {
  const declared = words.attempt(() => declaration(words, range))
  const { names = [], assigns = false } = declared ?? {}
  if (assigns) for (const name of names) known(name, words, variables)
  else variables.push(...names)
  const commands: Command[] = []
  do {
    const command = parseCommand(words, variables)
    const [first] = command
    if (commands.length > 0 && first?.kind === 'constant') {
      throw words.problem('only a function can take what stands before |')
    }
    commands.push(command)
  } while (words.takeKind(['|']) !== undefined && !words.atEnd())
  return { line: words.line, variables: names, assigns, commands }
}

/** `$v :=`, `$v =`, and of `range` `$k, $v :=`. */
function declaration(words: WordReader, range: boolean): { names: string[]; assigns: boolean } | undefined {
  const names: string[] = []
  for (;;) {
    const variable = words.takeKind(['variable'])
    if (variable === undefined) return undefined
    names.push(variable.text)
    const after = words.takeKind([':=', '=', ','])
    if (after === undefined) return undefined
    if (after.kind !== ',') return { names, assigns: after.kind === '=' }
    if (!range || names.length > 1) throw words.problem('too many variables are declared')
  }
}

function parseCommand(words: WordReader, variables: Variables): Command {
  const operands: Operand[] = []
  for (;;) {
    const word = words.skipSpace()
    if (word === undefined || word.kind === ')' || word.kind === '|') break
    operands.push(parseOperand(words, variables))
    const after = words.peek()
    if (after !== undefined && !['space', ')', '|'].includes(after.kind)) throw words.unexpected(after)
  }
  if (operands.length === 0) throw words.unexpected(undefined)
  return operands
}

function parseOperand(words: WordReader, variables: Variables): Operand {
  const isField = words.peek()?.kind === 'field'
  const base: Operand = isField ? { kind: 'dot' } : parseTerm(words, variables)
  const names: string[] = []
  for (let word = words.peek(); word?.kind === 'field'; word = words.peek()) {
    names.push(word.text)
    words.next()
  }
  if (names.length === 0) return base
  if (!isField && (base.kind === 'constant' || base.kind === 'dot'))
    throw words.problem('a field of a constant')
  return { kind: 'fields', of: base, names }
}

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['nil', null],
])

function parseTerm(words: WordReader, variables: Variables): Operand {
  const word = words.next()
  if (word?.kind === 'constant') return { kind: 'constant', value: word.value }
  if (word?.kind === 'dot') return { kind: 'dot' }
  if (word?.kind === 'variable') return { kind: 'variable', name: known(word.text, words, variables) }
  if (word?.kind === '(') return parseParentheses(words, variables)
  if (word?.kind !== 'name') throw words.unexpected(word)
  const constant = CONSTANTS.get(word.text)
  if (constant !== undefined) return { kind: 'constant', value: constant }
  if (!isFunction(word.text)) throw words.problem(`the function ${word.text} is not known`)
  return { kind: 'function', name: word.text }
}

function parseParentheses(words: WordReader, variables: Variables): Operand {
  if (++words.parentheses > MOST_PARENTHESES) throw words.problem('parentheses are nested too deep')
  const pipeline = parsePipeline(words, variables)
  if (words.takeKind([')']) === undefined) throw words.problem('a closing parenthesis is missing')
  words.parentheses--
  return { kind: 'pipeline', pipeline }
}

function known(name: string, words: WordReader, variables: Variables): string {
  if (variables.includes(name)) return name
  throw words.problem(`the variable ${name} is not known`)
}
