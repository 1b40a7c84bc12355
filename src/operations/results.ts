import type { StepInfo } from '../engine/events.ts'
import type { ApprovedPlan } from '../plan/approval/approved-plan.ts'
import type { Plan } from '../plan/model/plan.ts'

export interface PlanResult extends Planned {
  /** What `up` takes to do exactly this plan, or to refuse. Holds no secret; `serialisePlan` makes a file of it. */
  readonly approved: ApprovedPlan
}

/** A plan, and how people read it. */
export interface Planned {
  readonly plan: Plan
  /** The plan's actions as people read them, in order. Empty: there is nothing to do. */
  readonly steps: readonly StepInfo[]
  /**
   * What of the user's own manifests was left out, and why, each in one line. Warnings say so, too; everything else is
   * planned, or done.
   */
  readonly leftOut: readonly string[]
}

export interface UpResult extends Planned {
  /** Steps that were done. */
  readonly done: number
}

export interface RemoveResult {
  /** Addresses of the nodes that were cleaned. */
  readonly cleaned: readonly string[]
}
