import type { Flags } from './flags.ts'
import type { Session } from './session.ts'

/** One flag. Values are those of the original program, so that scripts go on working. */
export interface Flag {
  readonly name: string
  readonly short?: string
  /** A `list` takes one value per occurrence. */
  readonly type: 'boolean' | 'string' | 'list'
  /** Of a string flag; empty if absent. */
  readonly default?: string
  /** An environment variable that gives the default, even if it is empty. */
  readonly env?: string
  readonly choices?: readonly string[]
  readonly help: string
  /** Known, but nothing is behind it yet: using it is an error. */
  readonly unsupported?: true
}

/** Runs a command; resolves to the process exit code. */
export type CommandAction = (flags: Flags, session: Session) => Promise<number>

/** A command, or a group of commands, as data: the parser, the help and the tests read it. */
export interface CommandSpec {
  readonly name: string
  readonly help: string
  readonly flags: readonly Flag[]
  readonly commands?: readonly CommandSpec[]
  /**
   * Loads what the command is made of, so that no command pays for another. Absent: not supported yet, or, where
   * there are `commands`, nothing but their group.
   */
  readonly load?: () => Promise<CommandAction>
}
