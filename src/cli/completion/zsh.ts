import type { Flag } from '../command-tree/command-spec.ts'
import { type CommandLevel, quoted, spellings, takesValue } from './shell.ts'

/** A script for zsh: to be sourced, or kept as `_rke` in a folder of `fpath`. */
export function zshScript(levels: readonly CommandLevel[]): string {
  return `#compdef rke
# Completion of rke for zsh. In ~/.zshrc, after compinit: source <(rke completion zsh)
_rke() {
  local level='' skip='' word prev=\${words[CURRENT-1]} i
  local -a commands flags files
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    if [[ -n $skip ]]; then skip=''; continue; fi
    case "$level $word" in
${levels
  .flatMap((level) => [descents(level), valueFlags(level)])
  .filter((line) => line !== '')
  .join('\n')}
    esac
  done
  if [[ $PREFIX == -*=* ]]; then
    prev=\${PREFIX%%=*}
    compset -P '*='
  fi
  case "$level $prev" in
${levels.flatMap(values).join('\n')}
  esac
  case "$level" in
${levels.map(words).join('\n')}
  esac
  if [[ $PREFIX != -* ]] && (( \${#files} )); then _files
  elif [[ $PREFIX != -* ]] && (( \${#commands} )); then _describe -t commands command commands
  else _describe -o -t flags flag flags
  fi
}
if [[ \${funcstack[1]} == _rke ]]; then _rke "$@"; else compdef _rke rke; fi
`
}

const pattern = (path: string, words: readonly string[]): string =>
  words.map((word) => `'${path} ${word}'`).join('|')

function descents({ path, commands }: CommandLevel): string {
  const known = commands.map(({ name }) => name).filter((name) => name !== 'help')
  return known.length === 0 ? '' : `      ${pattern(path, known)}) level+="/$word" ;;`
}

function valueFlags({ path, flags }: CommandLevel): string {
  const taking = flags.filter(takesValue).flatMap(spellings)
  return taking.length === 0 ? '' : `      ${pattern(path, taking)}) skip=1 ;;`
}

function values({ path, flags }: CommandLevel): readonly string[] {
  return flags
    .filter(takesValue)
    .map((flag) => `    ${pattern(path, spellings(flag))}) ${offer(flag)}; return ;;`)
}

function offer({ choices, value, name }: Flag): string {
  if (choices !== undefined) return `compadd -- ${choices.join(' ')}`
  if (value === 'file') return '_files'
  return value === 'folder' ? '_files -/' : `_message ${quoted(value ?? name, "'\\''")}`
}

function words({ path, commands, file, flags }: CommandLevel): string {
  const names = commands.map(({ name, help }) => described(name, help))
  const all = flags.flatMap((flag) => spellings(flag).map((spelling) => described(spelling, flag.help)))
  return `    '${path}')
      commands=(${names.join(' ')})${file ? ' files=(1)' : ''}
      flags=(${all.join(' ')}) ;;`
}

const described = (name: string, help: string): string => quoted(`${name}:${help}`, "'\\''")
