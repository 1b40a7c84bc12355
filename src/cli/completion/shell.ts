import type { CommandSpec, Flag } from '../command-tree/command-spec.ts'

/** Shells for which there is a completion script. */
export type Shell = 'bash' | 'zsh' | 'fish'

/** What can follow one command: `path` is `/etcd/snapshot-save`, or empty for the program itself. */
export interface CommandLevel {
  readonly path: string
  readonly commands: readonly { readonly name: string; readonly help: string }[]
  readonly flags: readonly Flag[]
  /** The name of a file can follow, too. */
  readonly file: boolean
}

const HELP: Flag = { name: 'help', short: 'h', type: 'boolean', help: 'show help' }

/** Every command of a tree with what can follow it. */
export function levelsOf(spec: CommandSpec, path = ''): readonly CommandLevel[] {
  const commands = spec.commands ?? []
  return [
    {
      path,
      commands: [...commands, ...(commands.length > 0 ? [{ name: 'help', help: 'show help' }] : [])],
      flags: [...spec.flags, HELP],
      file: spec.words === 'file',
    },
    ...commands.flatMap((sub) => levelsOf(sub, `${path}/${sub.name}`)),
  ]
}

/** `-n` and `--name`. */
export function spellings({ name, short }: Flag): readonly string[] {
  return [...(short === undefined ? [] : [`-${short}`]), `--${name}`]
}

export const takesValue = ({ type }: Flag): boolean => type !== 'boolean'

/** A text in single quotes for all three shells; `instead` replaces a quote in it. */
export const quoted = (text: string, instead: string): string => `'${text.replaceAll("'", instead)}'`
