/** Something wrong with a configuration. Paths are in the state file's spelling. */
export interface Finding {
  readonly severity: 'error' | 'warning'
  readonly path: Path
  readonly message: string
  /** What to write instead. */
  readonly hint?: string
  /** The other ends of a conflict. */
  readonly others?: readonly Path[]
  /** Other values that it follows from. */
  readonly from?: readonly Path[]
}

type Path = readonly (string | number)[]
type More = string | Pick<Finding, 'hint' | 'others' | 'from'>

const finding = (severity: Finding['severity'], path: Path, message: string, more: More): Finding => ({
  severity,
  path,
  message,
  ...(typeof more === 'string' ? { hint: more } : more),
})

/** What `rke up` refuses or could not bring to an end. `more` is a hint, or all else there is to say. */
export const error = (path: Path, message: string, more: More = {}): Finding =>
  finding('error', path, message, more)

/** What is most likely not meant, and what the user can change. */
export const warning = (path: Path, message: string, more: More = {}): Finding =>
  finding('warning', path, message, more)

/** `[finding]` if the condition holds, else nothing. */
export const when = (condition: boolean, finding: () => Finding): readonly Finding[] =>
  condition ? [finding()] : []

export const kubernetesVersion: Path = ['kubernetesVersion']
