import type { Step } from '../../engine/step.ts'

export interface Base extends Step {
  /** Why it is done, in the words of a person: `image v1.30.4 → v1.31.1`. */
  readonly because: readonly string[]
}

export interface OnNode extends Base {
  readonly node: string
}
