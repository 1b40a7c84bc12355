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
      help: 'get the state file back from the cluster',
      flags: common,
      examples: [example('rke util get-state-file', 'write ./cluster.rkestate anew')],
      load: async () => (await import('../commands/util-get-state-file.ts')).utilGetStateFileCommand,
    },
    {
      name: 'get-kubeconfig',
      help: 'get the kubeconfig back from the state file',
      flags: common,
      examples: [example('rke util get-kubeconfig', 'write ./kube_config_cluster.yml anew')],
      load: async () => (await import('../commands/util-get-kubeconfig.ts')).utilGetKubeconfigCommand,
    },
  ],
}
