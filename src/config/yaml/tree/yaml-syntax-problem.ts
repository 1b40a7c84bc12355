/** Text that is no YAML, with the offset where that shows. It quotes nothing of the text. */
export class YamlSyntaxProblem extends Error {
  readonly at: number
  /** What to write instead. */
  readonly hint: string | undefined

  constructor(at: number, message: string, hint?: string) {
    super(message)
    this.name = 'YamlSyntaxProblem'
    this.at = at
    this.hint = hint
  }
}
