import type { ObservedSnapshot } from '../../observe/observe-snapshots.ts'
import { fileNameOf, type SnapshotFile, type SnapshotPlace } from '../../snapshots/snapshot.ts'
import type { BucketRemove, SnapshotRemove } from '../action/snapshots.ts'
import { ids } from '../model/ids.ts'
import { makePlan, type Plan } from '../model/plan.ts'
import { type ChosenRemoval, chooseRemovals, type RemovalChoice } from './choose-removals.ts'
import { ownSnapshots } from './own-snapshots.ts'

export interface RemovalView {
  /** All snapshots of all places. */
  readonly snapshots: readonly ObservedSnapshot[]
  readonly choice: RemovalChoice
  /** The bucket has no folder for this cluster. */
  readonly sharedBucket: boolean
  readonly now: Date
  /** On all nodes; has `rm`. */
  readonly image: string
}

export interface RemovalPlan {
  readonly plan: Plan
  /** How many snapshots of the bucket are left alone, as they may be another cluster's. */
  readonly leftAlone: number
}

/** Removes snapshots, in all places at once. Only files and objects of exactly these names are touched. */
export function planSnapshotRemoval(view: RemovalView): RemovalPlan {
  const { choice, now, image } = view
  const all = view.snapshots.map(({ file }) => file)
  const files = candidates(all, view)
  const places = Map.groupBy(files, ({ place }) => keyOf(place))
  const plan = makePlan(
    [...places.values()].flatMap((ofPlace) => {
      const chosen = chooseRemovals(ofPlace, choice, now)
      if (chosen.length === 0) return []
      const node = nodeOf(ofPlace)
      return [node === undefined ? fromBucket(chosen) : removal(node, image, chosen)]
    }),
  )
  return { plan, leftAlone: all.length - files.length }
}

function candidates(
  all: readonly SnapshotFile[],
  { choice, sharedBucket }: RemovalView,
): readonly SnapshotFile[] {
  if (!sharedBucket || 'names' in choice) return all
  const onNodes = all.filter(({ place }) => place.kind === 'node')
  const stored = all.filter(({ place }) => place.kind === 's3')
  return [...onNodes, ...ownSnapshots(stored, onNodes, choice)]
}

function removal(node: string, image: string, chosen: readonly ChosenRemoval[]): SnapshotRemove {
  return {
    id: ids.snapshotRemove(node),
    kind: 'snapshot.remove',
    node,
    image,
    files: chosen.map(({ file }) => fileNameOf(file)),
    because: chosen.map(({ because }) => because),
    after: [],
  }
}

function fromBucket(chosen: readonly ChosenRemoval[]): BucketRemove {
  return {
    id: ids.bucketRemove,
    kind: 'bucket.remove',
    files: chosen.map(({ file }) => fileNameOf(file)),
    because: chosen.map(({ because }) => because),
    after: [],
  }
}

const keyOf = (place: SnapshotPlace): string => (place.kind === 'node' ? `node ${place.address}` : 's3')

function nodeOf([first]: readonly SnapshotFile[]): string | undefined {
  return first?.place.kind === 'node' ? first.place.address : undefined
}
