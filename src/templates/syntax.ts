/** A template, read: what is rendered, in its order. */
export type Node =
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  | { readonly kind: 'output'; readonly pipeline: Pipeline }
  | Block

/** `if`, `with` and `range`: what is rendered, and what otherwise. */
export interface Block {
  readonly kind: 'if' | 'with' | 'range'
  readonly pipeline: Pipeline
  readonly body: readonly Node[]
  readonly otherwise: readonly Node[]
}

/** `$v := first | second`: the value of each command is the last argument of the next. */
export interface Pipeline {
  /** In the template, from 1. */
  readonly line: number
  /** Names with their `$`; two at most, and two of `range` alone. */
  readonly variables: readonly string[]
  /** The variables exist already (`=`). */
  readonly assigns: boolean
  readonly commands: readonly Command[]
}

/** A function with its arguments, or one value. */
export type Command = readonly Operand[]

export type Operand =
  | { readonly kind: 'dot' }
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline }
  | { readonly kind: 'fields'; readonly of: Operand; readonly names: readonly string[] }
