/** Something wrong with a configuration. The path is in the state file's spelling. */
export interface Finding {
  readonly severity: 'error' | 'warning'
  readonly path: readonly (string | number)[]
  readonly message: string
}

type Path = Finding['path']

export const error = (path: Path, message: string): Finding => ({ severity: 'error', path, message })
export const warning = (path: Path, message: string): Finding => ({ severity: 'warning', path, message })

/** `[finding]` if the condition holds, else nothing. */
export const when = (condition: boolean, finding: () => Finding): readonly Finding[] =>
  condition ? [finding()] : []
