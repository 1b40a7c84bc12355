/** Steps from the root: keys as written in cluster.yml, and positions in lists. */
export type Path = readonly (string | number)[]

/** Told of everything that is wrong with a tree: where, at which key, what, and what to write instead. */
export type Report = (
  severity: 'error' | 'warning',
  at: number,
  path: Path,
  message: string,
  hint?: string,
) => void
