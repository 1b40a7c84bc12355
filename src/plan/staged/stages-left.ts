import type { ObservedNode } from '../../observe/observed-node.ts'
import { secretDigest } from '../model/secret-digest.ts'
import { foundAt } from '../node/files/found-file.ts'
import type { Stage } from './staged-change.ts'

/**
 * The stages that are left of a change that a run before has begun. No node enters a stage before all are through the one
 * before; so the furthest that a node has entered is done once more by all of them, and those before it are over. All stages
 * where no node has a file of any. Each stage of a node must have other content than its other ones.
 */
export function stagesLeft(
  stages: readonly Stage[],
  machines: ReadonlyMap<string, ObservedNode>,
): readonly Stage[] {
  const furthest = stages.findLastIndex(({ turns }) =>
    turns.some(({ desired, files }) => {
      const found = machines.get(desired.node.address)?.files
      return files.some(
        ({ path, content }) => foundAt(path, desired, found)?.sha256 === secretDigest(content),
      )
    }),
  )
  return stages.slice(Math.max(furthest, 0))
}
