import { UsageError } from '../../errors.ts'
import { type CommandSpec, type Flag, isCalled } from '../command-tree/command-spec.ts'

const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True'])
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False'])
const help: Flag = { name: 'help', short: 'h', type: 'boolean', help: '' }

/**
 * Rewrites arguments in RKE's (Go's) syntax: `-config x`, `--config x` and `-config=x` become `--config=x`;
 * `--force=false` becomes `--no-force`. Unknown flags with two dashes stay for the parser to refuse, which suggests similar ones.
 * @throws UsageError for an unknown flag with one dash, a flag without a value, an invalid boolean, and both forms of one flag.
 */
export function rewriteArguments(args: readonly string[], root: CommandSpec): readonly string[] {
  const rewritten: string[] = []
  const forms = new Map<Flag, string>()
  let level: CommandSpec = root
  let descending = true
  const rest = [...args]
  for (let token = rest.shift(); token !== undefined; token = rest.shift()) {
    if (token === '--') return [...rewritten, token, ...rest]
    if (!token.startsWith('-') || token === '-') {
      rewritten.push(token)
      const next: CommandSpec | undefined = descending
        ? level.commands?.find((command) => isCalled(command, token))
        : undefined
      descending = next !== undefined
      level = next ?? level
      continue
    }
    const [name, value] = split(token)
    const flag = [...level.flags, help].find((known) => known.name === name || known.short === name)
    if (flag === undefined) {
      // The parser would take a single dash for several short flags, and name another flag than was given.
      if (!token.startsWith('--')) throw new UsageError(`unknown option '-${name}'`)
      rewritten.push(token)
      continue
    }
    if ((forms.get(flag) ?? name) !== name) {
      throw new UsageError(`--${flag.name} and -${flag.short} are the same flag; give one of them`)
    }
    forms.set(flag, name)
    rewritten.push(
      flag.type === 'boolean' ? booleanFlag(flag, value) : valueFlag(flag, value ?? rest.shift()),
    )
  }
  return rewritten
}

/** The commands that arguments name, from the root. */
export function commandPath(args: readonly string[], root: CommandSpec): readonly CommandSpec[] {
  const path = [root]
  for (const word of args.filter((token) => !token.startsWith('-'))) {
    const next = path.at(-1)?.commands?.find((command) => isCalled(command, word))
    if (next === undefined) break
    path.push(next)
  }
  return path
}

/** Whether `--version` stands before any command; `args` as `rewriteArguments` gives them. */
export function asksForVersion(args: readonly string[]): boolean {
  const command = args.findIndex((token) => !token.startsWith('--') || token === '--')
  const globals = command === -1 ? args : args.slice(0, command)
  return globals.includes('--version') && !globals.includes('--help')
}

function split(token: string): [name: string, value: string | undefined] {
  const body = token.replace(/^--?/, '')
  const at = body.indexOf('=')
  return at === -1 ? [body, undefined] : [body.slice(0, at), body.slice(at + 1)]
}

function booleanFlag(flag: Flag, value: string | undefined): string {
  if (value === undefined || TRUE.has(value)) return `--${flag.name}`
  if (FALSE.has(value)) return opposite(flag.name)
  throw new UsageError(`--${flag.name} is true or false, not "${value}"`)
}

/** What `--flag=false` means: `--no-flag`, and `--flag` of a flag that is a `no-flag` itself. */
function opposite(name: string): string {
  return name.startsWith('no-') ? `--${name.slice('no-'.length)}` : `--no-${name}`
}

function valueFlag(flag: Flag, value: string | undefined): string {
  if (value === undefined || (flag.notEmpty && value === ''))
    throw new UsageError(`--${flag.name} needs a value`)
  return `--${flag.name}=${value}`
}
