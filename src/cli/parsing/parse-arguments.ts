import { Command, CommanderError, Option } from 'commander'
import { UsageError } from '../../errors.ts'
import type { CommandSpec, Flag } from '../command-tree/command-spec.ts'
import { commandTree } from '../command-tree/command-tree.ts'
import type { Environment, Io } from '../io.ts'
import { type Flags, flagsFrom } from './flags.ts'
import { helpText } from './help.ts'

/** The result of parsing a command line. */
export type Invocation =
  | {
      readonly kind: 'run'
      readonly command: CommandSpec
      /** The command path: `etcd snapshot-save`. */
      readonly path: string
      readonly flags: Flags
      readonly globals: Flags
      /** Ignored positional arguments. */
      readonly ignored: readonly string[]
    }
  /** Help was printed. */
  | { readonly kind: 'helped' }
  | { readonly kind: 'unknown'; readonly name: string }
  | { readonly kind: 'misused'; readonly error: UsageError; readonly usage: string }

/** Parses arguments from `rewriteArguments`. Prints help; runs no command. */
export async function parseArguments(args: readonly string[], io: Io): Promise<Invocation> {
  let found: Invocation = { kind: 'helped' }
  let last: Command | undefined
  const define = (spec: CommandSpec, above: readonly CommandSpec[], root?: Command): Command => {
    const specs = [...above, spec]
    const path = specs
      .slice(1)
      .map(({ name }) => name)
      .join(' ')
    const command = new Command(spec.name)
      .aliases(spec.aliases ?? [])
      .helpCommand(false)
      .allowExcessArguments()
      .exitOverride()
      .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: () => {} })
    for (const flag of spec.flags) for (const option of options(flag, io.env)) command.addOption(option)
    command.hook('preSubcommand', (_, sub) => {
      last = sub
    })
    command.helpInformation = () => helpText(specs, io.stdout.columns)
    const top = root ?? command
    const run = (): void => {
      const globals = values(commandTree, '', top)
      const meant = spec.commands?.find(({ name }) => isMeant(command.args[0] ?? '', name))
      if (meant !== undefined) found = { kind: 'unknown', name: command.args[0] ?? '' }
      else {
        const { words, ignored } = wordsOf(spec, path, command)
        const flags = values(spec, path, command, words)
        found = { kind: 'run', command: spec, path, flags, globals, ignored }
      }
    }
    if (spec.commands === undefined) return command.action(run)
    for (const sub of spec.commands) command.addCommand(define(sub, specs, top))
    const topic = (names: readonly string[], from = command): void => {
      const [name, ...more] = names
      const sub = from.commands.find((one) => [one.name(), ...one.aliases()].includes(name ?? ''))
      if (name === undefined || (sub === undefined && from.commands.length === 0)) from.outputHelp()
      else if (sub === undefined) found = { kind: 'unknown', name }
      else topic(more, sub)
    }
    command.addCommand(
      new Command('help')
        .alias('h')
        .argument('[command...]')
        .helpOption(false)
        .action((names: readonly string[]) => topic(names)),
    )
    return command.enablePositionalOptions().action(spec.load === undefined ? () => topic(command.args) : run)
  }
  const program = define(commandTree, [])
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (thrown) {
    const usage = (last ?? program).helpInformation()
    if (thrown instanceof UsageError) return { kind: 'misused', error: thrown, usage }
    if (!(thrown instanceof CommanderError)) throw thrown
    if (thrown.exitCode === 0) return { kind: 'helped' }
    return { kind: 'misused', error: new UsageError(thrown.message.replace(/^error: /, '')), usage }
  }
  return found
}

/** Flags set by positional arguments, and the arguments that are ignored. */
function wordsOf(
  { flags, words: rule }: CommandSpec,
  path: string,
  command: Command,
): { readonly words: Readonly<Record<string, unknown>>; readonly ignored: readonly string[] } {
  const [first, second] = command.args
  if (first === undefined || rule === undefined) return { words: {}, ignored: command.args }
  if (rule === 'names') {
    const given: readonly string[] = command.getOptionValue('name') ?? []
    return { words: { name: [...given, ...command.args] }, ignored: [] }
  }
  if (rule === 'refused') {
    const hasFile = flags.some(({ name }) => name === 'config')
    throw new UsageError(
      `"rke ${path}" takes no argument "${first}"`,
      hasFile ? { hint: 'a cluster file is named with --config' } : {},
    )
  }
  const flag = rule === 'file' ? 'config' : rule
  const isNamed = command.getOptionValueSource(flag) === 'cli'
  if (second !== undefined || isNamed) {
    throw new UsageError(`"rke ${path}" takes one ${rule}`, { hint: 'name it once' })
  }
  return { words: { [flag]: first }, ignored: [] }
}

/** Whether an argument looks like a misspelled command; others are ignored. */
const isMeant = (word: string, name: string): boolean => word.length > 2 && name.startsWith(word.slice(0, 3))

function options(flag: Flag, env: Environment): readonly Option[] {
  const name = `${flag.short === undefined ? '' : `-${flag.short}, `}--${flag.name}`
  if (flag.type === 'boolean') {
    // `--flag=false` is rewritten to the second one.
    const opposite = isNegative(flag) ? flag.name.slice('no-'.length) : `no-${flag.name}`
    return [new Option(name), new Option(`--${opposite}`)]
  }
  const option = new Option(`${name} <text>`)
  if (flag.type === 'list') {
    return [option.argParser((value: string, before: readonly string[] = []) => [...before, value])]
  }
  if (flag.choices !== undefined) option.choices(flag.choices)
  const fallback = (flag.env === undefined ? undefined : env[flag.env]) ?? flag.default ?? ''
  return [fallback === '' ? option : option.default(fallback)]
}

function values(
  spec: CommandSpec,
  path: string,
  command: Command,
  words: Readonly<Record<string, unknown>> = {},
): Flags {
  const options: Record<string, unknown> = { ...command.opts(), ...words }
  const given = (flag: Flag): unknown =>
    isNegative(flag)
      ? options[camelCase(flag.name.slice('no-'.length))] === false
      : options[camelCase(flag.name)]
  const unsupported = spec.flags.find((flag) => {
    const value = given(flag) ?? ''
    return flag.unsupported === true && value !== false && value !== (flag.default ?? '')
  })
  if (unsupported !== undefined) throw notSupported(`the flag --${unsupported.name} of "rke ${path}"`)
  return flagsFrom(Object.fromEntries(spec.flags.map((flag) => [flag.name, given(flag)])))
}

/** A flag such as `--no-drain`, which commander treats as the opposite of `--drain`. */
function isNegative({ name, type }: Flag): boolean {
  return type === 'boolean' && name.startsWith('no-')
}

const camelCase = (name: string): string =>
  name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())

/** The error for a feature of RKE that is not implemented yet. */
export function notSupported(what: string): UsageError {
  return new UsageError(`${what} is not supported yet`, {
    hint: 'nothing was done; "rke help" lists the commands',
  })
}
