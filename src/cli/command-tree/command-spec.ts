import type { CommandContext } from '../command-context.ts'
import type { Flags } from '../parsing/flags.ts'

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
  /** What kind of value it takes, as help shows it; `text` if absent. Shells complete files and folders. */
  readonly value?: 'file' | 'folder' | 'address' | 'addresses' | 'name' | 'version' | 'key'
  readonly help: string
  /** Known, but nothing is behind it yet: using it is an error. */
  readonly unsupported?: true
}

/** Runs a command; resolves to the process exit code. */
export type CommandAction = (flags: Flags, context: CommandContext) => Promise<number>

/** A call that can be typed as it stands, and what it is for. */
export interface Example {
  readonly line: string
  readonly help: string
}

/** A command, or a group of commands, as data: the parser, the help and the tests read it. */
export interface CommandSpec {
  readonly name: string
  readonly help: string
  readonly flags: readonly Flag[]
  readonly commands?: readonly CommandSpec[]
  /** The heading under which help lists it, with its own commands. */
  readonly group?: string
  readonly examples?: readonly Example[]
  /**
   * What becomes of words after the command that are no flags. Absent: they are ignored, as in RKE; so it is with all of
   * its commands, and with no other. `file`: one may stand for the value of `--config`.
   */
  readonly words?: 'refused' | 'file'
  /**
   * Loads what the command is made of, so that no command pays for another. Absent: not supported yet, or, where
   * there are `commands`, nothing but their group.
   */
  readonly load?: () => Promise<CommandAction>
}
