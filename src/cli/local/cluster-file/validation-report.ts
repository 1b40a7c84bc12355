import { type Problem, problemText } from '../../../config/yaml/problems.ts'
import { printable } from '../../output/redact.ts'
import { countText } from '../../output/units.ts'

/** The validation report as text: one line per problem in the order of the file, then a summary. */
export function problemsText(file: string, problems: readonly Problem[]): string {
  const lines = problems.map((problem) => `${problem.severity}: ${problemText(problem)}`)
  return `${[...lines, verdict(file, problems)].map(printable).join('\n')}\n`
}

function verdict(file: string, problems: readonly Problem[]): string {
  const errors = errorsIn(problems)
  const warnings = problems.length - errors
  const counts = [
    ...(errors === 0 ? [] : [countText(errors, 'error')]),
    ...(warnings === 0 ? [] : [countText(warnings, 'warning')]),
  ]
  if (counts.length === 0) return `${file} is valid`
  return `${file} ${errors === 0 ? 'is valid, with' : 'has'} ${counts.join(' and ')}`
}

/** The same as JSON: `file`, `valid`, and `problems`, each with its position. */
export function problemsJson(file: string, problems: readonly Problem[]): string {
  const report = { file, valid: errorsIn(problems) === 0, problems }
  return `${JSON.stringify(report, (_, value) => (typeof value === 'string' ? printable(value) : value), 2)}\n`
}

export const errorsIn = (problems: readonly Problem[]): number =>
  problems.filter(({ severity }) => severity === 'error').length
