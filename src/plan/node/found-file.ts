import { prefixed } from '../../desired/paths.ts'
import type { DesiredNode } from '../plan-input.ts'

/** What was found at a wanted path: those are paths on the node, and what is found has its path as containers see it. */
export function foundAt<T>(
  path: string,
  { prefix }: DesiredNode,
  found: ReadonlyMap<string, T> | undefined,
): T | undefined {
  const root = prefixed(prefix, '/etc/kubernetes')
  return found?.get(`/etc/kubernetes${path.slice(root.length)}`)
}

/** A path, and what is wrong there. */
export interface Finding {
  readonly path: string
  readonly because: string
}

/** `missing: a, b`; a new node's long list is only counted. */
export function summarise(findings: readonly Finding[]): readonly string[] {
  const byReason = Map.groupBy(findings, ({ because }) => because)
  return [...byReason].map(([because, group]) => {
    const names = group.map(({ path }) => path.slice(path.lastIndexOf('/') + 1))
    return names.length > 5 ? `${names.length} files ${because}` : `${because}: ${names.join(', ')}`
  })
}
