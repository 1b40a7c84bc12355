import type { Step } from '../../engine/step.ts'
import type { Reason } from '../model/reason.ts'

export interface Base extends Step {
  /** Why it is done. */
  readonly because: readonly Reason[]
}

export interface OnNode extends Base {
  readonly node: string
}
