import type { Io } from './io.ts'

/** One call of the program: its surroundings and the global flags. */
export interface CommandContext {
  readonly io: Io
  readonly debug: boolean
  readonly quiet: boolean
  /** When the program began, in milliseconds since 1970; terminal lines count seconds from here. */
  readonly began: number
}
