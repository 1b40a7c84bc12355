import type { CommandSpec, Flag } from '../command-tree/command-spec.ts'
import { twoColumns } from './columns.ts'

const HELP: Flag = { name: 'help', short: 'h', type: 'boolean', help: 'show this help' }

/** The help of a command: `path` from the root of the tree to it. Lines of at most `columns` characters. */
export function helpText(path: readonly CommandSpec[], columns = 100): string {
  const [root, ...words] = path
  const spec = path.at(-1)
  if (root === undefined || spec === undefined) return ''
  const name = path.map((one) => one.name).join(' ')
  const isRoot = words.length === 0
  const flags = [...spec.flags, HELP]
  const width = Math.max(...[...flags, ...root.flags].map((flag) => flagTerm(flag).length))
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', `${title}:`, ...lines]
  const examples = [...(spec.examples ?? []), ...(isRoot ? [] : examplesBelow(spec))]
  const groups = listing(spec, isRoot)
  const longest = Math.max(0, ...groups.flatMap(([, rows]) => rows.map(([term]) => term.length)))
  const lines = [
    `Usage: ${name}${spec.commands && !spec.load ? ' COMMAND' : ''} [flags]${wordsText(spec)}`,
    '',
    sentence(`${spec.help}${note(spec)}`),
    ...groups.flatMap(([title, rows]) => section(title, twoColumns(rows, columns, longest))),
    ...section(isRoot ? 'Flags, before the command' : 'Flags', flagLines(flags, columns, width)),
    ...(isRoot
      ? []
      : section('Flags of every command, before its name', flagLines(root.flags, columns, width))),
    ...section(
      'Examples',
      examples.flatMap(({ line, help }) => [`  ${line}`, `      ${help}`]),
    ),
    ...(spec.commands ? ['', `"${name} COMMAND --help" prints the flags of a command.`] : []),
  ]
  return `${lines.join('\n')}\n`
}

/** What may follow the flags. */
const wordsText = ({ words }: CommandSpec): string =>
  words === 'file' ? ' [file]' : words === 'names' ? ' [name...]' : ''

type Rows = readonly (readonly [string, string])[]

/** The commands of a command under their headings: at the root those below them, too. */
function listing(spec: CommandSpec, deep: boolean): readonly (readonly [title: string, rows: Rows])[] {
  const groups = new Map<string, (readonly [string, string])[]>()
  for (const sub of spec.commands ?? []) {
    const title = (deep ? sub.group : undefined) ?? 'Commands'
    const rows = groups.get(title) ?? []
    groups.set(title, rows)
    for (const { name, spec: one } of deep ? leaves(sub) : [{ name: sub.name, spec: sub }]) {
      rows.push([name, `${one.help}${note(one)}`])
    }
  }
  return [...groups]
}

/** The runnable commands below a command. */
export function leaves(spec: CommandSpec, before = ''): readonly { name: string; spec: CommandSpec }[] {
  const name = `${before}${spec.name}`
  const below = (spec.commands ?? []).flatMap((sub) => leaves(sub, `${name} `))
  return spec.commands !== undefined && spec.load === undefined ? below : [{ name, spec }, ...below]
}

const examplesBelow = (spec: CommandSpec) =>
  (spec.commands ?? []).flatMap((sub) => sub.examples?.slice(0, 1) ?? [])

function flagLines(flags: readonly Flag[], columns: number, width: number): readonly string[] {
  return twoColumns(
    flags.map((flag) => [flagTerm(flag), flagHelp(flag)]),
    columns,
    width,
  )
}

/** `-n, --name <file>`, with room for the short one. */
export function flagTerm(flag: Flag): string {
  const short = flag.short === undefined ? '    ' : `-${flag.short}, `
  return `${short}--${flag.name}${flag.type === 'boolean' ? '' : ` <${placeholder(flag)}>`}`
}

function placeholder({ choices, value }: Flag): string {
  return choices === undefined ? (value ?? 'text') : choices.join('|')
}

/** A flag's help with its default and environment variable. */
export function flagHelp(flag: Flag): string {
  const extras = [
    ...(flag.default ? [`default ${flag.default}`] : []),
    ...(flag.env === undefined ? [] : [`or $${flag.env}`]),
    ...(flag.unsupported ? ['not supported yet'] : []),
  ]
  return extras.length === 0 ? flag.help : `${flag.help} (${extras.join('; ')})`
}

/** The note for a command that is not supported yet. */
export function note(spec: CommandSpec): string {
  return spec.load === undefined && spec.commands === undefined ? ' (not supported yet)' : ''
}

const sentence = (text: string): string => {
  const first = `${text.charAt(0).toUpperCase()}${text.slice(1)}`
  return first.endsWith('.') ? first : `${first}.`
}
