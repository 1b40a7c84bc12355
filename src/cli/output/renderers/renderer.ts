import type { Event } from '../../../engine/events.ts'
import type { RkeError } from '../../../errors.ts'
import type { Level } from '../log-line.ts'

/** Prints the events of a run. */
export interface Renderer {
  event(event: Event): void
  /** A message of the command itself: `Finished building Kubernetes cluster successfully`. */
  say(level: Level, text: string): void
  /** What came of the command, for programs: the fields of a line of its own in JSON, and nothing elsewhere. */
  result(fields: object): void
  /** The command ends with this error. */
  fatal(error: RkeError): void
  /** Stops output for a prompt until the returned function is called. */
  pause(): () => void
  /** Ends the output and restores the terminal. */
  end(): void
}

export const nothingToPause = (): (() => void) => () => {}
