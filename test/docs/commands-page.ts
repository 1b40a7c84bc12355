import type { CommandSpec, Flag } from '../../src/cli/command-tree/command-spec.ts'
import { commandTree } from '../../src/cli/command-tree/command-tree.ts'
import { flagHelp, flagTerm, leaves, note } from '../../src/cli/parsing/help.ts'

/** The reference of all commands, from the tree that parser and help read. */
export function commandsPage(): string {
  const groups = Map.groupBy(commandTree.commands ?? [], ({ group = '' }) => group)
  const body = [...groups].flatMap(([title, commands]) => [
    `## ${title}`,
    ...commands.flatMap((command) => leaves(command, 'rke ')).flatMap(section),
  ])
  return `${[introduction, ...body].join('\n\n')}\n`
}

const introduction = `# Commands

Every command with its flags. This page is made from what the program itself goes by; \`rke COMMAND --help\` says
the same.

    rke [flags of every command] COMMAND [flags]

- A flag may be written \`--name value\`, \`--name=value\`, or with one dash. Short flags are not joined.
- A flag that is on or off is on by its name alone; \`--name=false\` is off.
- A flag that is given twice counts with its last value, unless it may be repeated.
- Other words have no effect on commands that RKE has, as there, but for a warning; all other commands refuse them.
  \`rke config validate\` takes one for the file.
- \`rke help COMMAND\` and \`rke COMMAND --help\` show help; \`rke completion\` lets a shell complete all of this.
- Exit codes are those of [Output and exit codes](output.md).

Flags of every command stand before its name:

${table(commandTree.flags)}`

function section({ name, spec }: { readonly name: string; readonly spec: CommandSpec }): readonly string[] {
  const examples = (spec.examples ?? []).map(({ line, help }) => `    # ${help}\n    ${line}`)
  return [
    `### ${name}`,
    `${spec.help.charAt(0).toUpperCase()}${spec.help.slice(1)}${note(spec)}.`,
    ...(spec.flags.length === 0 ? [] : [table(spec.flags)]),
    ...(examples.length === 0 ? [] : [examples.join('\n\n')]),
  ]
}

function table(flags: readonly Flag[]): string {
  const rows = flags.map((flag) => `| \`${flagTerm(flag).trim()}\` | ${cell(flagHelp(flag))} |`)
  return ['| Flag | |', '|---|---|', ...rows.map((row) => row.replace(/`[^`]*`/, escaped))].join('\n')
}

/** A table's cells end at a bar, also inside code. */
function escaped(text: string): string {
  return text.replaceAll('|', '\\|')
}

function cell(text: string): string {
  return escaped(text.replaceAll('<', '&lt;'))
}
