import type { CommandContext } from '../command-context.ts'
import type { Flags } from '../parsing/flags.ts'

/** One flag. Names and values are RKE's, so that existing scripts work. */
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
  /** The kind of value, as help prints it; `text` if absent. Shells complete files and folders. */
  readonly value?: 'file' | 'folder' | 'address' | 'addresses' | 'name' | 'version' | 'key' | 'age' | 'number'
  readonly help: string
  /** An empty value, as of an unset variable of a script, is an error: without the flag something else would be done. */
  readonly notEmpty?: true
  /** Known but not implemented: using it is an error. */
  readonly unsupported?: true
}

/** Runs a command; resolves to the process exit code. */
export type CommandAction = (flags: Flags, context: CommandContext) => Promise<number>

/** A complete command line, and what it is for. */
export interface Example {
  readonly line: string
  readonly help: string
}

/** A command, or a group of commands, as data: the parser, the help and the tests read it. */
export interface CommandSpec {
  readonly name: string
  /** Other names that it is found by. */
  readonly aliases?: readonly string[]
  readonly help: string
  readonly flags: readonly Flag[]
  readonly commands?: readonly CommandSpec[]
  /** The heading under which help lists it, with its own commands. */
  readonly group?: string
  readonly examples?: readonly Example[]
  /**
   * What to do with positional arguments. Absent: they are ignored, as in RKE (only RKE's own commands).
   * `file`: one is accepted as the value of `--config`, `source`: as that of `--source`. `names`: they are values of the list `--name`.
   */
  readonly words?: 'refused' | 'file' | 'source' | 'names'
  /**
   * Loads the command on demand, which keeps start-up short. Absent: not supported yet, or a group of `commands`.
   */
  readonly load?: () => Promise<CommandAction>
}

/** Whether a word of the command line is the name of this command. */
export const isCalled = ({ name, aliases = [] }: CommandSpec, word: string): boolean =>
  name === word || aliases.includes(word)
