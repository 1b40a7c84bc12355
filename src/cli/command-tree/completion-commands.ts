import type { Shell } from '../completion/shell.ts'
import type { CommandSpec } from './command-spec.ts'
import { example } from './common-flags.ts'

const shell = (name: Shell, line: string, tree: () => CommandSpec): CommandSpec => ({
  name,
  help: `print the completion script for ${name}`,
  flags: [],
  words: 'refused',
  examples: [example(line, 'complete commands, flags, choices and files')],
  load: async () => (await import('../commands/completion.ts')).completionCommand(name, tree()),
})

/**
 * `rke completion`.
 * @param tree Every command, this one included.
 */
export const completionCommands = (tree: () => CommandSpec): CommandSpec => ({
  name: 'completion',
  help: 'scripts that let a shell complete commands and flags',
  flags: [],
  group: 'Shell',
  commands: [
    shell('bash', 'source <(rke completion bash)', tree),
    shell('zsh', 'source <(rke completion zsh)', tree),
    shell('fish', 'rke completion fish > ~/.config/fish/completions/rke.fish', tree),
  ],
})
