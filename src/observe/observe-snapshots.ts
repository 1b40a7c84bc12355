import { HELPER } from '../container-names.ts'
import type { Node } from '../node/node.ts'
import { listFiles } from '../node/snapshots/list-snapshots.ts'
import { readListed } from '../node/snapshots/read-snapshot.ts'
import type { SnapshotContent, SnapshotFile } from '../snapshots/snapshot.ts'
import type { StateContent } from '../snapshots/state-content.ts'
import { withinBudget } from '../snapshots/within-budget.ts'

/** A snapshot in one place. */
export interface ObservedSnapshot {
  readonly file: SnapshotFile
  /** Absent if it was not read, or cannot be restored. */
  readonly content?: SnapshotContent
  /** Of one that was not read: its state file, where that was. */
  readonly state?: StateContent
  /** Why it cannot be restored. */
  readonly problem?: string
}

/** What is asked of each place. */
export interface SnapshotQuestion {
  /** Only snapshots of these names, without `.zip`; all without it. */
  readonly names?: readonly string[] | undefined
  /** Bytes of databases that are read, the newest first. */
  readonly budget: number
}

/** A place that keeps snapshots: an etcd node, or a bucket. */
export interface SnapshotSource {
  /** Address of the node, or what people call the bucket. */
  readonly where: string
  observe(question: SnapshotQuestion, signal: AbortSignal): Promise<readonly ObservedSnapshot[]>
}

const helper = HELPER.listSnapshots

/** The snapshot folder of a node; the backup image `image` is there. */
export function snapshotsOfNode(node: Node, image: string): SnapshotSource {
  return {
    where: node.address,
    async observe({ names, budget }, signal) {
      const listed = await listFiles(node, { image, helper, names }, signal)
      const chosen = withinBudget(listed, budget)
      const results = await readListed(node, { image, helper }, chosen, signal)
      return listed.map((one) => {
        const { file } = one
        const result = results[chosen.indexOf(one)]
        if (file.problem !== undefined) return { file, problem: file.problem }
        return { file, ...result }
      })
    },
  }
}
