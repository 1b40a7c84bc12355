import type { Budget } from './budget.ts'
import { type AllowText, callFunction, Unusable } from './functions.ts'
import { notPrintable, printed } from './printed.ts'
import type { Block, Command, Node, Operand, Pipeline } from './syntax.ts'
import { TemplateProblem } from './template-problem.ts'
import { isTrue, nameOfKind, sortedEntries, type Value } from './values.ts'

interface Variable {
  readonly name: string
  value: Value
}

/** Renders a template that was read. Throws TemplateProblem. */
export class Evaluation {
  readonly #budget: Budget
  readonly #variables: Variable[]
  readonly #output: string[] = []
  #written = 0

  constructor(root: Value, budget: Budget) {
    this.#budget = budget
    this.#variables = [{ name: '$', value: root }]
  }

  render(nodes: readonly Node[]): string {
    this.#nodes(nodes, this.#variables[0]?.value)
    return this.#output.join('')
  }

  #nodes(nodes: readonly Node[], dot: Value): void {
    for (const node of nodes) {
      if (node.kind === 'text') this.#write(node.text, node.line)
      else if (node.kind === 'output') this.#outputOf(node.pipeline, dot)
      else this.#block(node, dot)
    }
  }

  #write(text: string, line: number): void {
    this.#written += text.length
    this.#budget.spend(1, line)
    this.#budget.allowText(this.#written, line)
    this.#output.push(text)
  }

  #outputOf(pipeline: Pipeline, dot: Value): void {
    const value = this.#pipeline(pipeline, dot)
    if (pipeline.variables.length > 0) return
    const text = printed(value)
    if (text === undefined) throw new TemplateProblem(notPrintable(value), pipeline.line)
    this.#write(text, pipeline.line)
  }

  /** Variables that are declared inside, or in the condition, end with it. */
  #block(node: Block, dot: Value): void {
    const before = this.#variables.length
    if (node.kind === 'range') this.#range(node, dot)
    else {
      const value = this.#pipeline(node.pipeline, dot)
      if (isTrue(value)) this.#nodes(node.body, node.kind === 'with' ? value : dot)
      else this.#nodes(node.otherwise, dot)
    }
    this.#variables.length = before
  }

  #range({ body, otherwise, pipeline }: Block, dot: Value): void {
    const items = elements(this.#pipeline(pipeline, dot), pipeline.line)
    const mark = this.#variables.length
    for (const [key, value] of items) {
      this.#budget.spend(1, pipeline.line)
      const [first = '', second] = pipeline.variables
      if (second !== undefined) this.#set(first, key)
      if (first !== '') this.#set(second ?? first, value)
      this.#nodes(body, value)
      this.#variables.length = mark
    }
    if (items.length === 0) this.#nodes(otherwise, dot)
  }

  #set(name: string, value: Value): void {
    const variable = this.#variables.findLast((known) => known.name === name)
    if (variable !== undefined) variable.value = value
  }

  #pipeline({ assigns, commands, line, variables }: Pipeline, dot: Value): Value {
    let piped: readonly Value[] = []
    for (const command of commands) piped = [this.#command(command, dot, piped, line)]
    const [value] = piped
    for (const name of variables) {
      if (assigns) this.#set(name, value)
      else this.#variables.push({ name, value })
    }
    return value
  }

  #command([first, ...rest]: Command, dot: Value, piped: readonly Value[], line: number): Value {
    if (first === undefined) return undefined
    if (first.kind === 'function') return this.#call(first.name, rest, dot, piped, line)
    if (first.kind === 'constant' && first.value === null)
      throw new TemplateProblem('nil is no command', line)
    if (rest.length > 0 || piped.length > 0) {
      throw new TemplateProblem('only a function can be given an argument', line)
    }
    return this.#operand(first, dot, line)
  }

  #call(
    name: string,
    operands: readonly Operand[],
    dot: Value,
    piped: readonly Value[],
    line: number,
  ): Value {
    const args: Value[] = []
    const decides = (value: Value): boolean =>
      (name === 'and' && !isTrue(value)) || (name === 'or' && isTrue(value))
    for (const operand of operands) {
      const value = this.#operand(operand, dot, line)
      if (decides(value)) return value
      args.push(value)
    }
    args.push(...piped)
    this.#budget.spend(1 + args.reduce<number>((sum, value) => sum + sizeOf(value), 0), line)
    const allow: AllowText = (length) => {
      this.#budget.allowText(length, line)
      this.#budget.spend(length, line)
    }
    const result = callFunction(name, args, allow)
    if (result instanceof Unusable) throw new TemplateProblem(`the function ${name}: ${result.reason}`, line)
    if (typeof result === 'string') allow(result.length)
    return result
  }

  #operand(operand: Operand, dot: Value, line: number): Value {
    this.#budget.spend(1, line)
    switch (operand.kind) {
      case 'dot':
        return dot
      case 'constant':
        return operand.value
      case 'variable':
        return this.#variables.findLast(({ name }) => name === operand.name)?.value
      case 'function':
        return this.#call(operand.name, [], dot, [], line)
      case 'pipeline':
        return this.#pipeline(operand.pipeline, dot)
      case 'fields':
        return operand.names.reduce<Value>(
          (value, name) => field(value, name, line),
          this.#operand(operand.of, dot, line),
        )
    }
  }
}

/** What a function may read of a value, in steps. */
function sizeOf(value: Value): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 1
  if (value.kind === 'list') return value.items.length
  return value.kind === 'map' ? value.entries.size : 1
}

function field(value: Value, name: string, line: number): Value {
  if (value === undefined) return undefined
  if (value === null) throw new TemplateProblem(`the field ${name} of nil`, line)
  if (typeof value === 'object' && value.kind === 'pointer') return field(value.to, name, line)
  if (typeof value === 'object' && value.kind === 'map') return value.entries.get(name)
  if (typeof value === 'object' && value.kind === 'structure' && value.fields.has(name))
    return value.fields.get(name)
  throw new TemplateProblem(`${nameOfKind(value)} has no field ${name}`, line)
}

/** What `range` goes through: index or key, and element. */
function elements(value: Value, line: number): readonly (readonly [string | number, Value])[] {
  if (value === undefined || value === null) return []
  if (typeof value === 'object' && value.kind === 'pointer' && value.to !== null)
    return elements(value.to, line)
  if (typeof value === 'object' && value.kind === 'list')
    return value.items.map((item, index) => [index, item])
  if (typeof value === 'object' && value.kind === 'map') return sortedEntries(value)
  throw new TemplateProblem(`range cannot go through ${nameOfKind(value)}`, line)
}
