import type { CommandAction, CommandSpec } from '../command-tree/command-spec.ts'
import { bashScript } from '../completion/bash.ts'
import { fishScript } from '../completion/fish.ts'
import { levelsOf, type Shell } from '../completion/shell.ts'
import { zshScript } from '../completion/zsh.ts'

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript }

/** `rke completion bash|zsh|fish`: prints the script that lets this shell complete calls of the program. */
export const completionCommand =
  (shell: Shell, tree: CommandSpec): CommandAction =>
  async (_, { io }) => {
    io.stdout.write(SCRIPTS[shell](levelsOf(tree)))
    return 0
  }
