import type { Base } from './base.ts'

/** Stores an addon's manifest and runs the Job that applies it. */
export interface AddonApply extends Base {
  readonly kind: 'addon.apply'
  readonly addon: string
  readonly optional: boolean
  /** Hash of the manifest, so that a plan with another one is another plan. */
  readonly digest: string
}

/** Runs the Job that deletes what an addon's stored manifest holds. */
export interface AddonRemove extends Base {
  readonly kind: 'addon.remove'
  readonly addon: string
  readonly optional: boolean
}
