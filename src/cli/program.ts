import { Command, CommanderError, Option } from 'commander'
import { ConfigError } from '../errors.ts'
import type { CommandSpec, Flag } from './command-spec.ts'
import { commandTree } from './command-tree.ts'
import { type Flags, flagsFrom } from './flags.ts'
import { helpText } from './help.ts'
import type { Environment, Io } from './io.ts'

/** What a call asks for. */
export type Invocation =
  | {
      readonly kind: 'run'
      readonly command: CommandSpec
      /** The words it was called by: `etcd snapshot-save`. */
      readonly path: string
      readonly flags: Flags
      readonly globals: Flags
    }
  /** Help was printed; nothing is left to do. */
  | { readonly kind: 'helped' }
  | { readonly kind: 'unknown'; readonly name: string }
  | { readonly kind: 'misused'; readonly error: ConfigError; readonly usage: string }

/** Parses arguments as `rewriteArguments` gives them. Prints help, and runs nothing. */
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
      found = { kind: 'run', command: spec, path, flags: values(spec, path, command), globals }
    }
    if (spec.commands === undefined) return command.action(run)
    for (const sub of spec.commands) command.addCommand(define(sub, specs, top))
    const topic = (names: readonly string[], from = command): void => {
      const [name, ...more] = names
      const sub = from.commands.find((one) => one.name() === name)
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
    // What has commands and does something by itself ignores other words, as every command does.
    return command.enablePositionalOptions().action(spec.load === undefined ? () => topic(command.args) : run)
  }
  const program = define(commandTree, [])
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown
    if (thrown.exitCode === 0) return { kind: 'helped' }
    const message = thrown.message.replace(/^error: /, '')
    return { kind: 'misused', error: new ConfigError(message), usage: (last ?? program).helpInformation() }
  }
  return found
}

function options(flag: Flag, env: Environment): readonly Option[] {
  const name = `${flag.short === undefined ? '' : `-${flag.short}, `}--${flag.name}`
  if (flag.type === 'boolean') {
    // The second is what `--flag=false` is rewritten to.
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

function values(spec: CommandSpec, path: string, command: Command): Flags {
  const options: Record<string, unknown> = command.opts()
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

/** A flag such as `--no-drain`, which the parser takes as the opposite of `--drain`. */
function isNegative({ name, type }: Flag): boolean {
  return type === 'boolean' && name.startsWith('no-')
}

const camelCase = (name: string): string =>
  name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())

/** For what the original program has and this one does not have yet. */
export function notSupported(what: string): ConfigError {
  return new ConfigError(`${what} is not supported yet`, {
    hint: 'nothing was done; "rke help" shows what there is',
  })
}
