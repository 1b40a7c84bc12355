/** Text that is no YAML, with the offset where that shows. Never leaves this folder. */
export class YamlSyntaxProblem extends Error {
  readonly at: number

  constructor(at: number, message: string) {
    super(message)
    this.name = 'YamlSyntaxProblem'
    this.at = at
  }
}
