/** Something wrong with a configuration. Paths are in the state file's spelling. */
export interface Finding {
  readonly severity: 'error' | 'warning'
  readonly path: Path
  readonly message: string
  /** It matters only where a cluster is built or changed: to remove one, or to list its images, it need not be right. */
  readonly onlyToBuild?: true
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

/** What RKE refuses, too, for whatever is done with the file. `more` is a hint, or all else there is to say. */
export const error = (path: Path, message: string, more: More = {}): Finding =>
  finding('error', path, message, more)

/** What `plan` and `up` end with. Other commands, such as `remove`, can do without. */
export const buildError = (path: Path, message: string, more: More = {}): Finding => ({
  ...error(path, message, more),
  onlyToBuild: true,
})

/** What `plan` and `up` warn of, and no other command. */
export const buildWarning = (path: Path, message: string, more: More = {}): Finding => ({
  ...warning(path, message, more),
  onlyToBuild: true,
})

/** What is most likely not meant, and what the user can change. */
export const warning = (path: Path, message: string, more: More = {}): Finding =>
  finding('warning', path, message, more)

/** `[finding]` if the condition holds, else nothing. */
export const when = (condition: boolean, finding: () => Finding): readonly Finding[] =>
  condition ? [finding()] : []

export const kubernetesVersion: Path = ['kubernetesVersion']
