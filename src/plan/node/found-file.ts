import type { DesiredNode } from '../../desired/desired-node.ts'
import { prefixed } from '../../desired/paths.ts'

/** What was found at a wanted path: those are paths on the node, and what is found has its path as containers see it. */
export function foundAt<T>(
  path: string,
  { prefix }: DesiredNode,
  found: ReadonlyMap<string, T> | undefined,
): T | undefined {
  const root = prefixed(prefix, '/etc/kubernetes')
  return found?.get(`/etc/kubernetes${path.slice(root.length)}`)
}
