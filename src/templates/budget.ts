import { TemplateProblem } from './template-problem.ts'

/** Of one rendering: steps, to which texts that are read or made count by their length, and characters of output. */
export interface Limits {
  readonly steps: number
  readonly output: number
}

/** RKE's largest manifest has 260,000 characters, and a ConfigMap holds 1 MiB. The steps take less than a second. */
export const USUAL_LIMITS: Limits = { steps: 2_000_000, output: 4 * 1024 * 1024 }

/** What is left of the limits. A document from the network must neither hang the program nor fill its memory. */
export class Budget {
  #steps: number
  readonly #longest: number

  constructor({ output, steps }: Limits) {
    this.#steps = steps
    this.#longest = output
  }

  spend(steps: number, line: number): void {
    this.#steps -= steps
    if (this.#steps < 0) throw new TemplateProblem('rendering takes too long', line)
  }

  /** Called before a text of that length is made, or written. */
  allowText(length: number, line: number): void {
    if (length > this.#longest) throw new TemplateProblem('too much text is made', line)
  }
}
