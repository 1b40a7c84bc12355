/** Something in cluster.yml that a person should look at. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  readonly file: string
  /** One-based; 0 when the problem is with the file as a whole. */
  readonly line: number
  readonly column: number
  /** The key, as written in cluster.yml: `nodes[0].role`; "" for the whole file. */
  readonly path: string
  /** What is wrong and what to write instead. Holds no values that may be secret. */
  readonly message: string
}

/** `cluster.yml:3:7: nodes[0].role: must be a list`. */
export function problemText(problem: Problem): string {
  const place = problem.line === 0 ? problem.file : `${problem.file}:${problem.line}:${problem.column}`
  return `${place}: ${problem.path === '' ? '' : `${problem.path}: `}${problem.message}`
}

/** `['nodes', 0, 'role']` → `nodes[0].role`. */
export function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}

/** Line and column, both one-based, of an offset in a text. */
export function placeOf(source: string, at: number): { line: number; column: number } {
  const before = source.slice(0, at)
  const line = before.split(/\r\n|\r|\n/).length
  const start = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1
  return { line, column: at - start + 1 }
}

/** Problems in the order of the file. */
export function inFileOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column)
}
