import type { ObservedSnapshot } from '../../observe/observe-snapshots.ts'
import type { SnapshotFile, SnapshotPlace } from '../../snapshots/snapshot.ts'
import { archiveFileName } from '../../snapshots/snapshot-name.ts'
import type { BucketRemove, SnapshotRemove } from '../action/snapshots.ts'
import { ids } from '../model/ids.ts'
import { makePlan, type Plan } from '../model/plan.ts'
import { type ChosenRemoval, chooseRemovals, type RemovalChoice } from './choose-removals.ts'

export interface RemovalView {
  /** All snapshots of all places. */
  readonly snapshots: readonly ObservedSnapshot[]
  readonly choice: RemovalChoice
  readonly now: Date
  /** On all nodes; has `rm`. */
  readonly image: string
}

/** Removes snapshots, in all places at once. Only files and objects of exactly these names are touched. */
export function planSnapshotRemoval({ snapshots, choice, now, image }: RemovalView): Plan {
  const places = Map.groupBy(
    snapshots.map(({ file }) => file),
    ({ place }) => keyOf(place),
  )
  return makePlan(
    [...places.values()].flatMap((files) => {
      const chosen = chooseRemovals(files, choice, now)
      if (chosen.length === 0) return []
      const node = nodeOf(files)
      return [node === undefined ? fromBucket(chosen) : removal(node, image, chosen)]
    }),
  )
}

function removal(node: string, image: string, chosen: readonly ChosenRemoval[]): SnapshotRemove {
  return {
    id: ids.snapshotRemove(node),
    kind: 'snapshot.remove',
    node,
    image,
    files: chosen.map(({ file }) => fileOf(file)),
    because: chosen.map(({ because }) => because),
    after: [],
  }
}

function fromBucket(chosen: readonly ChosenRemoval[]): BucketRemove {
  return {
    id: ids.bucketRemove,
    kind: 'bucket.remove',
    files: chosen.map(({ file }) => fileOf(file)),
    because: chosen.map(({ because }) => because),
    after: [],
  }
}

const fileOf = ({ name, form }: SnapshotFile): string => (form === 'archive' ? archiveFileName(name) : name)

const keyOf = (place: SnapshotPlace): string => (place.kind === 'node' ? `node ${place.address}` : 's3')

function nodeOf([first]: readonly SnapshotFile[]): string | undefined {
  return first?.place.kind === 'node' ? first.place.address : undefined
}
