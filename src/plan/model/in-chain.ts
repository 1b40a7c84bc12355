import type { Action } from '../action.ts'

/** One after the other: each action also after all of those before it. */
export function inChain<A extends Action>(
  groups: readonly (readonly A[])[],
  after: readonly string[],
): readonly A[] {
  let before = after
  return groups.flatMap((group) => {
    const chained = group.map((action) => ({ ...action, after: [...action.after, ...before] }))
    if (group.length > 0) before = group.map((action) => action.id)
    return chained
  })
}
