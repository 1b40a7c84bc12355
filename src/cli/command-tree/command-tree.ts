import { certCommand, encryptCommand } from './certificate-commands.ts'
import { planCommand, removeCommand, upCommand, versionCommand } from './cluster-commands.ts'
import type { CommandSpec } from './command-spec.ts'
import { example, metadata } from './common-flags.ts'
import { completionCommands } from './completion-commands.ts'
import { configCommand } from './config-commands.ts'
import { etcdCommand } from './etcd-commands.ts'
import { imagesCommand } from './images-commands.ts'
import { metadataCommand } from './metadata-commands.ts'
import { utilCommand } from './util-commands.ts'

/** Commands that read a cluster file, or list versions, take `--metadata` as well. */
function withMetadata(commands: readonly CommandSpec[]): readonly CommandSpec[] {
  return commands.map((command) => {
    const opens = command.flags.some(({ name }) => name === 'config' || name === 'list-version')
    return {
      ...command,
      flags: opens ? [...command.flags, metadata] : command.flags,
      ...(command.commands && { commands: withMetadata(command.commands) }),
    }
  })
}

/** Every command. One without `load` is not supported yet. */
export const commandTree: CommandSpec = {
  name: 'rke',
  help: 'Builds, changes and removes Kubernetes clusters on machines with SSH and Docker.',
  flags: [
    { name: 'debug', short: 'd', type: 'boolean', help: 'print debug output' },
    { name: 'quiet', short: 'q', type: 'boolean', help: 'print only fatal errors' },
    { name: 'trace', type: 'boolean', help: 'the same as --debug' },
    { name: 'version', short: 'v', type: 'boolean', help: 'print the version of the program' },
  ],
  examples: [
    example('rke config', 'answer questions; cluster.yml is written'),
    example('rke plan', 'see what would be done'),
    example('rke up', 'do it; also to change the cluster, and after a failure'),
  ],
  commands: withMetadata([
    upCommand,
    planCommand,
    removeCommand,
    versionCommand,
    configCommand,
    metadataCommand,
    etcdCommand,
    certCommand,
    encryptCommand,
    imagesCommand,
    utilCommand,
    completionCommands(() => commandTree),
  ]),
}
