/** Another place that has to do with a problem: the other end of a conflict. */
export interface RelatedPlace {
  readonly path: string
  readonly line: number
  readonly column: number
}

/** An error or warning about cluster.yml, in the form of the JSON report. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  readonly file: string
  /** One-based; 0 when the problem is with the file as a whole. */
  readonly line: number
  readonly column: number
  /** The key, as written in cluster.yml: `nodes[0].role`; "" for the whole file. */
  readonly path: string
  /** What is wrong. Holds no values that may be secret. */
  readonly message: string
  /** What to write instead. */
  readonly hint?: string
  readonly related?: readonly RelatedPlace[]
}

/** `cluster.yml:3:7: nodes[0].role: must be a list; write [a, b]`. */
export function problemText(problem: Problem): string {
  const { column, file, hint, line, message, path, related = [] } = problem
  const place = line === 0 ? file : `${file}:${line}:${column}`
  const others = related.filter((other) => other.line > 0).map((other) => `${other.path}: line ${other.line}`)
  const seeAlso = others.length === 0 ? '' : ` (${others.join(', ')})`
  return `${place}: ${path === '' ? '' : `${path}: `}${message}${seeAlso}${hint === undefined ? '' : `; ${hint}`}`
}

/** `['nodes', 0, 'role']` → `nodes[0].role`. */
export function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}

/** Problems in the order of the file. */
export function inFileOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column)
}
