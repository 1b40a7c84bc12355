import type { StepInfo } from '../../engine/events.ts'
import type { Plan } from '../model/plan.ts'
import type { PlanOptions } from '../model/plan-options.ts'

/** A plan as it was approved. Holds no secret; what it was made of counts by digests. */
export interface ApprovedPlan {
  /** `Plan.hash`. */
  readonly hash: string
  readonly origin: PlanOrigin
  readonly options: PlannedOptions
  /** In an order in which they can be done. */
  readonly steps: readonly ApprovedStep[]
}

export interface ApprovedStep extends Omit<StepInfo, 'reasons'> {
  /** Ids of steps that must be done before. */
  readonly after: readonly string[]
  /** `actionDigest`. */
  readonly digest: string
}

/** What a plan was made with. */
export interface PlanOrigin {
  /** Version of this program: `v1.2.0`. */
  readonly program: string
  readonly cluster: {
    /** `cluster_name`. */
    readonly name: string
    /** SHA-256 of the certificate of the cluster's CA; `undefined` for a new cluster. */
    readonly authority?: string
  }
  /** SHA-256 of the configuration as it was given. */
  readonly configuration: string
  /** SHA-256 of all that it refers to: secrets, add-on files, certificates of the user's own. */
  readonly sources: string
  /** Revision of the state; `undefined` if there was none. */
  readonly state?: string
}

/**
 * What was chosen when a plan was made, and is done with it. Defaults are those of `RunOptions`. Certificates of the user's own
 * hold keys, so that only their digest is kept, with the plan's sources.
 */
export interface PlannedOptions extends Omit<PlanOptions, 'certificates'> {
  readonly skipUnreachable?: boolean
}

/** @param steps The plan's actions as people read them, without secrets. */
export function approvedPlan(
  plan: Plan,
  steps: readonly StepInfo[],
  origin: PlanOrigin,
  options: PlannedOptions,
): ApprovedPlan {
  const { digests } = plan
  const after = new Map(plan.actions.map((action) => [action.id, action.after]))
  return {
    hash: plan.hash,
    origin,
    options,
    steps: steps.map(({ reasons: _reasons, ...step }) => ({
      ...step,
      after: after.get(step.id) ?? [],
      digest: digests.get(step.id) ?? '',
    })),
  }
}
