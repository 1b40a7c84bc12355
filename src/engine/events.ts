import type { RkeError } from '../errors.ts'
import type { Reason } from '../plan/model/reason.ts'

/** A step as events name it. */
export interface StepInfo {
  readonly id: string
  readonly kind: string
  readonly node?: string
  /** The container, component or add-on that it is about, if it is about one. */
  readonly subject?: string
  /** The title, for people: `start container kubelet`. */
  readonly title: string
  /** The reasons for the step: for people, and as data. */
  readonly because: readonly string[]
  readonly reasons: readonly Reason[]
  /** Its failure is only a warning. */
  readonly optional?: boolean
}

export interface Bytes {
  readonly done: number
  readonly total: number
}

export type NoticeLevel = 'debug' | 'info' | 'warning'

/** The events of a run, for renderers. */
export type Event =
  /** A notice about the run as a whole. `area` groups notices: `dialer`, `state`, `certificates`, … */
  | {
      readonly type: 'notice'
      readonly level: NoticeLevel
      readonly area: string
      readonly text: string
      readonly node?: string
    }
  /** The plan is made; no step has started. */
  | { readonly type: 'planned'; readonly steps: readonly StepInfo[] }
  | { readonly type: 'started'; readonly step: StepInfo }
  | { readonly type: 'progress'; readonly step: StepInfo; readonly text: string; readonly bytes?: Bytes }
  | { readonly type: 'done'; readonly step: StepInfo; readonly milliseconds: number }
  | {
      readonly type: 'failed'
      readonly step: StepInfo
      readonly error: RkeError
      readonly milliseconds: number
    }
  /** Not run, because a dependency failed or the run was stopped. */
  | { readonly type: 'skipped'; readonly step: StepInfo; readonly because: string }

export type Emit = (event: Event) => void
