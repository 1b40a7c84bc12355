import type { Event } from '../../../engine/events.ts'
import type { RkeError } from '../../../errors.ts'
import type { Level } from '../log-line.ts'

/** Shows a run to whoever looks: a person, a log, a program. */
export interface Renderer {
  event(event: Event): void
  /** A word of the command itself: `Finished building Kubernetes cluster successfully`. */
  say(level: Level, text: string): void
  /** The command ends with this error. */
  fatal(error: RkeError): void
  /** Leaves the terminal to a question until the returned function is called. */
  pause(): () => void
  /** Nothing more will come: the terminal is given back as it was. */
  end(): void
}

export const nothingToPause = (): (() => void) => () => {}
