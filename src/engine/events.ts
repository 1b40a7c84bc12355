import type { RkeError } from '../errors.ts'

/** A step as events name it. */
export interface StepInfo {
  readonly id: string
  readonly kind: string
  readonly node?: string
  /** What it does, for people: `start container kubelet`. */
  readonly title: string
  /** Why it is done. */
  readonly because: readonly string[]
  /** Its failure is only a warning. */
  readonly optional?: boolean
}

export interface Bytes {
  readonly done: number
  readonly total: number
}

export type NoticeLevel = 'debug' | 'info' | 'warning'

/** What a run tells while it goes on. Renderers are its only readers. */
export type Event =
  /** A word about the run as a whole. `area` groups notices: `dialer`, `state`, `certificates`, … */
  | {
      readonly type: 'notice'
      readonly level: NoticeLevel
      readonly area: string
      readonly text: string
      readonly node?: string
    }
  /** The plan is made; nothing has been done yet. */
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
  /** Not done, because something it waits for failed or the run was stopped. */
  | { readonly type: 'skipped'; readonly step: StepInfo; readonly because: string }

export type Emit = (event: Event) => void
