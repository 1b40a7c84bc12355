import { ConfigError, type ErrorDetails } from '../errors.ts'
import { inFileOrder, type Problem, problemText } from './yaml/problems.ts'

/** A cluster file with errors. The message lists all its problems; `problems` are the same for machines. */
export class ClusterFileError extends ConfigError {
  readonly problems: readonly Problem[]

  constructor(message: string, details: ErrorDetails = {}, problems: readonly Problem[] = []) {
    super(message, details)
    this.problems = problems
  }
}

/** @throws ClusterFileError if there is an error among the problems; warnings are listed with it. */
export function failOnErrors(problems: readonly Problem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const [first] = problems
  if (first === undefined || errors === 0) return
  const ordered = inFileOrder(problems)
  const lines = ordered.map((problem) =>
    problem.severity === 'error' ? problemText(problem) : `warning: ${problemText(problem)}`,
  )
  const warnings = lines.length - errors
  const count = [plural(errors, 'problem'), ...(warnings === 0 ? [] : [plural(warnings, 'warning')])]
  throw new ClusterFileError(
    lines.length === 1
      ? (lines[0] ?? '')
      : `${first.file} has ${count.join(' and ')}:\n${lines.map((line) => `  ${line}`).join('\n')}`,
    { step: `read ${first.file}` },
    ordered,
  )
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
