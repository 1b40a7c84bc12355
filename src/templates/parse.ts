import { parsePipeline, type Variables, WordReader } from './parse-pipeline.ts'
import { type Piece, scan } from './scan.ts'
import type { Block, Node } from './syntax.ts'
import { TemplateProblem } from './template-problem.ts'

/** More than anybody writes, and little enough for the stack. */
const MOST_DEPTH = 100

const BLOCKS: readonly string[] = ['if', 'with', 'range'] satisfies Block['kind'][]
/** Of text/template, but of no template of RKE's metadata. */
const UNSUPPORTED: readonly string[] = ['define', 'template', 'block', 'break', 'continue']

/**
 * Reads a template in the syntax of Go's text/template.
 * @throws TemplateProblem for what is none, and for unknown functions and variables
 */
export function parseTemplate(text: string): readonly Node[] {
  const parser = new Parser(scan(text))
  return parser.template()
}

/** What ends a list of nodes: `end`, or `else` with what follows it. */
interface Closing {
  readonly name: 'end' | 'else'
  readonly rest: WordReader
}

class Parser {
  readonly #pieces: readonly Piece[]
  readonly #variables: Variables = ['$']
  #at = 0
  #depth = 0

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces
  }

  template(): readonly Node[] {
    const { nodes, closing } = this.#list()
    if (closing !== undefined) {
      throw new TemplateProblem(`${closing.name} without if, with or range`, closing.rest.line)
    }
    return nodes
  }

  /** Nodes up to an `end` or `else`, or to the end of the template. */
  #list(): { readonly nodes: readonly Node[]; readonly closing?: Closing } {
    const nodes: Node[] = []
    for (let piece = this.#pieces[this.#at]; piece !== undefined; piece = this.#pieces[this.#at]) {
      this.#at++
      if (piece.kind === 'text') nodes.push(piece)
      else {
        const words = new WordReader(piece.words, piece.line)
        const keyword = words.takeKeyword(['end', 'else', ...BLOCKS, ...UNSUPPORTED])
        if (keyword === 'end' || keyword === 'else') return { nodes, closing: { name: keyword, rest: words } }
        nodes.push(keyword === undefined ? this.#output(words) : this.#block(keyword, words))
      }
    }
    return { nodes }
  }

  #output(words: WordReader): Node {
    const pipeline = parsePipeline(words, this.#variables)
    words.expectEnd()
    return { kind: 'output', pipeline }
  }

  /** From the pipeline of an `if`, `with` or `range` to its `end`. */
  #block(keyword: string, words: WordReader): Block {
    if (!isBlock(keyword)) throw new TemplateProblem(`${keyword} is not supported`, words.line)
    if (++this.#depth > MOST_DEPTH) throw new TemplateProblem('blocks are nested too deep', words.line)
    const known = this.#variables.length
    const pipeline = parsePipeline(words, this.#variables, { range: keyword === 'range' })
    words.expectEnd()
    const { nodes: body, closing } = this.#list()
    if (closing === undefined) throw new TemplateProblem(`the ${keyword} has no end`, words.line)
    const otherwise = closing.name === 'else' ? this.#otherwise(keyword, closing.rest) : endOf(closing)
    this.#variables.length = known
    this.#depth--
    return { kind: keyword, pipeline, body, otherwise }
  }

  /** What follows an `else`: `else if` is an `if` that shares the `end`. */
  #otherwise(keyword: Block['kind'], words: WordReader): readonly Node[] {
    if (keyword === 'if' && words.takeKeyword(['if']) !== undefined) return [this.#block('if', words)]
    words.expectEnd()
    const { nodes, closing } = this.#list()
    if (closing?.name === 'end') {
      endOf(closing)
      return nodes
    }
    const what = closing === undefined ? 'has no end' : 'has a second else'
    throw new TemplateProblem(`the ${keyword} ${what}`, closing?.rest.line ?? words.line)
  }
}

function endOf({ rest }: Closing): readonly Node[] {
  rest.expectEnd()
  return []
}

const isBlock = (keyword: string): keyword is Block['kind'] => BLOCKS.includes(keyword)
