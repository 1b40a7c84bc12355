import type { StepInfo } from '../../engine/events.ts'
import type { Plan } from '../../plan/model/plan.ts'
import type { LeftOut } from '../../plan/snapshots/plan-save.ts'
import type { SnapshotRunOptions } from '../../session/deps.ts'
import type { SavedSnapshot } from '../../snapshots/saved-snapshot.ts'

export interface SaveOptions extends SnapshotRunOptions {
  /** Without it the name that RKE gives: `rke_etcd_snapshot_` and the time. */
  readonly name?: string
  /** Replace archives of this name. Default: false. */
  readonly overwrite?: boolean
  /** Only plan; nothing is written anywhere. Default: false. */
  readonly dryRun?: boolean
}

export interface SaveResult {
  /** Without `.zip`. */
  readonly name: string
  /** The archive on each node that has one now, read and found to be right; empty with `dryRun`. */
  readonly saved: readonly SavedSnapshot[]
  /** Nodes without one, and why: left out, or the save failed there. */
  readonly missing: readonly LeftOut[]
  /** The copy in the bucket; absent without a bucket, and with `dryRun`. */
  readonly copy?: SnapshotCopy
  readonly plan: Plan
  /** The plan's actions as people read them. */
  readonly steps: readonly StepInfo[]
}

export interface SnapshotCopy {
  readonly endpoint: string
  readonly bucket: string
  /** Of the one object that holds the archive of one of the nodes. */
  readonly key: string
  /** Nodes whose archive could not be copied, and why. */
  readonly failed: readonly LeftOut[]
}
