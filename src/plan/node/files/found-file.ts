import type { DesiredNode } from '../../../desired/desired-node.ts'
import { prefixed } from '../../../desired/paths.ts'
import { KUBERNETES_FOLDER } from '../../../node-paths.ts'

/** What was found at a wanted path: those are paths on the node, and what is found has its path as containers see it. */
export function foundAt<T>(
  path: string,
  { prefix }: DesiredNode,
  found: ReadonlyMap<string, T> | undefined,
): T | undefined {
  const root = prefixed(prefix, KUBERNETES_FOLDER)
  return found?.get(`${KUBERNETES_FOLDER}${path.slice(root.length)}`)
}
