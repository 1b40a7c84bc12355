import type { CommandSpec } from './command-spec.ts'
import { common, example } from './common-flags.ts'

/** `rke util`: files of a cluster on this machine. */
export const utilCommand: CommandSpec = {
  name: 'util',
  help: 'local files of a cluster',
  group: 'Local files',
  flags: [],
  commands: [
    {
      name: 'get-state-file',
      help: 'retrieve the state file from the cluster',
      flags: common,
      examples: [example('rke util get-state-file', 'write ./cluster.rkestate')],
      load: async () => (await import('../commands/util-get-state-file.ts')).utilGetStateFileCommand,
    },
    {
      name: 'get-kubeconfig',
      help: 'write the kubeconfig from the state file',
      flags: common,
      examples: [example('rke util get-kubeconfig', 'write ./kube_config_cluster.yml')],
      load: async () => (await import('../commands/util-get-kubeconfig.ts')).utilGetKubeconfigCommand,
    },
  ],
}
