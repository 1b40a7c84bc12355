/** Steps from the root: keys as written in cluster.yml, and positions in lists. */
export type Path = readonly (string | number)[]

/** Called for every problem of a tree: where, at which key, what is wrong, and what to write instead. */
export type Report = (
  severity: 'error' | 'warning',
  at: number,
  path: Path,
  message: string,
  hint?: string,
) => void
