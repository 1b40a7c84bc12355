/** Why a template cannot be read or rendered, and where. Who knows which template it is makes an error of it. */
export class TemplateProblem extends Error {
  override readonly name = 'TemplateProblem'
  readonly reason: string
  /** In the template, from 1. */
  readonly line: number

  constructor(reason: string, line: number) {
    super(`line ${line}: ${reason}`)
    this.reason = reason
    this.line = line
  }
}
