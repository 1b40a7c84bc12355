import type { Flag } from '../command-tree/command-spec.ts'
import { type CommandLevel, spellings, takesValue } from './shell.ts'

/** A script for bash 3.2 and later, as it comes with macOS, without the package bash-completion. */
export function bashScript(levels: readonly CommandLevel[]): string {
  return `# Completion of rke for bash. In ~/.bashrc: source <(rke completion bash)
_rke() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  local level='' skip='' i word words='' IFS=$' \\t\\n'
  # Bash takes --flag=value apart at the sign.
  if [[ $cur == '=' ]]; then cur=''
  elif [[ $prev == '=' ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $word == '=' ]]; then skip=1; continue; fi
    if [[ -n $skip ]]; then skip=''; continue; fi
    case "$level $word" in
${cases(levels.flatMap(descents), 6)}
${cases(levels.flatMap(valueFlags), 6)}
    esac
  done
  COMPREPLY=()
  case "$level $prev" in
${cases(levels.flatMap(valueWords), 4)}
  esac
  case "$level" in
${cases(levels.map(wordsOf), 4)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _rke rke
`
}

type Case = readonly [patterns: readonly string[], command: string]

function cases(list: readonly Case[], indent: number): string {
  return list
    .filter(([patterns]) => patterns.length > 0)
    .map(
      ([patterns, command]) =>
        `${' '.repeat(indent)}${patterns.map((one) => `'${one}'`).join('|')}) ${command} ;;`,
    )
    .join('\n')
}

function descents({ path, commands }: CommandLevel): readonly Case[] {
  const known = commands.filter(({ name }) => name !== 'help').map(({ name }) => `${path} ${name}`)
  return [[known, `level+="/$word"`]]
}

const at = (path: string, flags: readonly Flag[]): readonly string[] =>
  flags.flatMap(spellings).map((spelling) => `${path} ${spelling}`)

const valueFlags = ({ path, flags }: CommandLevel): readonly Case[] => [
  [at(path, flags.filter(takesValue)), 'skip=1'],
]

/** Completions of a flag's value; none where the values are not known. */
function valueWords({ path, flags }: CommandLevel): readonly Case[] {
  return flags.filter(takesValue).map((flag) => [at(path, [flag]), offer(flag)])
}

function offer({ choices, value }: Flag): string {
  if (choices !== undefined) return `COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$cur")); return`
  if (value !== 'file' && value !== 'folder') return 'return'
  return files(value)
}

function files(what: 'file' | 'folder'): string {
  const list = `COMPREPLY=($(compgen -${what === 'file' ? 'f' : 'd'} -- "$cur"))`
  return `IFS=$'\\n'; compopt -o filenames 2>/dev/null; ${list}; return`
}

function wordsOf({ path, commands, file, flags }: CommandLevel): Case {
  const names = commands.map(({ name }) => name).join(' ')
  const all = flags.flatMap(spellings).join(' ')
  if (file) return [[path], `if [[ $cur == -* ]]; then words='${all}'; else ${files('file')}; fi`]
  const command =
    names === '' ? `words='${all}'` : `if [[ $cur == -* ]]; then words='${all}'; else words='${names}'; fi`
  return [[path], command]
}
