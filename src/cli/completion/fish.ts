import type { Flag } from '../command-tree/command-spec.ts'
import { type CommandLevel, quoted, spellings, takesValue } from './shell.ts'

/** A script for fish 3 and later. */
export function fishScript(levels: readonly CommandLevel[]): string {
  return `# Completion of rke for fish: rke completion fish > ~/.config/fish/completions/rke.fish
function __rke_at
    set -l level ''
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch "$level $word"
${levels
  .flatMap((level) => [descents(level), valueFlags(level)])
  .filter((line) => line !== '')
  .join('\n')}
        end
    end
    test "$level" = "$argv[1]"
end
complete -c rke -f
${levels.flatMap(completions).join('\n')}
`
}

const text = (value: string): string => quoted(value, "\\'")

const branch = (path: string, words: readonly string[], command: string): string =>
  words.length === 0
    ? ''
    : `            case ${words.map((word) => text(`${path} ${word}`)).join(' ')}\n                ${command}`

const descents = ({ path, commands }: CommandLevel): string =>
  branch(
    path,
    commands.map(({ name }) => name).filter((name) => name !== 'help'),
    'set level "$level/$word"',
  )

const valueFlags = ({ path, flags }: CommandLevel): string =>
  branch(path, flags.filter(takesValue).flatMap(spellings), 'set skip 1')

function completions({ path, commands, file, flags }: CommandLevel): readonly string[] {
  const here = `complete -c rke -n "__rke_at '${path}'"`
  return [
    ...(file ? [`${here} -F`] : []),
    ...commands.map(({ name, help }) => `${here} -a ${name} -d ${text(help)}`),
    ...flags.map((flag) => `${here}${flagSpelling(flag)}${offer(flag)} -d ${text(flag.help)}`),
  ]
}

const flagSpelling = ({ name, short }: Flag): string =>
  `${short === undefined ? '' : ` -s ${short}`} -l ${name}`

function offer({ type, choices, value }: Flag): string {
  if (type === 'boolean') return ''
  if (choices !== undefined) return ` -x -a ${text(choices.join(' '))}`
  if (value === 'file') return ' -r -F'
  return value === 'folder' ? " -x -a '(__fish_complete_directories)'" : ' -x'
}
