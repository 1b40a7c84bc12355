import type { CommandSpec } from './command-spec.ts'
import {
  breakLock,
  choice,
  common,
  config,
  dind,
  disablePortCheck,
  example,
  local,
  output,
  ownAuthority,
  ownCertificates,
  planOutput,
  skipUnreachable,
  strict,
  unsupported,
} from './common-flags.ts'

const CLUSTER = 'Cluster'

/** `rke up`. */
export const upCommand: CommandSpec = {
  name: 'up',
  help: 'create a cluster, or make it what cluster.yml says',
  flags: [
    ...common,
    disablePortCheck,
    skipUnreachable,
    strict,
    {
      name: 'dry-run',
      type: 'boolean',
      help: 'print the plan and change nothing; exit codes as for plan',
    },
    output,
    local,
    dind,
    unsupported({ name: 'dind-storage-driver', type: 'string', help: 'storage driver for --dind' }),
    unsupported({ name: 'dind-dns-server', type: 'string', default: '8.8.8.8', help: 'DNS for --dind' }),
    ...choice,
    {
      name: 'plan',
      type: 'string',
      value: 'file',
      notEmpty: true,
      help: 'do exactly the plan of this file, which "rke plan --out" wrote, or refuse',
    },
    breakLock,
    { name: 'init', type: 'boolean', help: 'only write the state file' },
    ...ownCertificates,
    ...ownAuthority,
  ],
  group: CLUSTER,
  examples: [
    example('rke up', 'make the cluster what ./cluster.yml says'),
    example('rke up --config prod.yml --dry-run', 'see what would be done'),
    example('rke up --plan plan.json', 'do exactly what "rke plan --out plan.json" printed, or refuse'),
    example('rke up --nodes 10.0.0.7,10.0.0.8', 'change no other node'),
    example('rke up --output json > events.jsonl', 'events for a program'),
  ],
  load: async () => (await import('../commands/up.ts')).upCommand,
}

/** `rke plan`. */
export const planCommand: CommandSpec = {
  name: 'plan',
  help: 'print what up would do, and why; exit code 0: no changes, 2: changes',
  flags: [
    ...common,
    disablePortCheck,
    skipUnreachable,
    strict,
    ...choice,
    ...ownCertificates,
    ...ownAuthority,
    local,
    {
      name: 'out',
      type: 'string',
      value: 'file',
      notEmpty: true,
      help: 'save the plan in this file for "rke up --plan"',
    },
    planOutput,
  ],
  group: CLUSTER,
  words: 'refused',
  examples: [
    example('rke plan', 'print what up would do, and why'),
    example('rke plan --out plan.json', 'save it, to be approved before "rke up --plan plan.json" does it'),
    example('rke plan --output json', 'the same for a program; exit code 2 if there are changes'),
  ],
  load: async () => (await import('../commands/plan.ts')).planCommand,
}

/** `rke remove`. */
export const removeCommand: CommandSpec = {
  name: 'remove',
  help: 'remove the cluster from its nodes',
  flags: [
    ...common,
    { name: 'force', type: 'boolean', help: 'do not ask' },
    { name: 'snapshots', type: 'boolean', help: 'delete the etcd snapshots on the nodes, too' },
    breakLock,
    output,
    local,
    dind,
  ],
  group: CLUSTER,
  examples: [
    example('rke remove', 'ask, then remove the cluster; snapshots are kept'),
    example('rke remove --force --config test.yml', 'do not ask'),
  ],
  load: async () => (await import('../commands/remove.ts')).removeCommand,
}

/** `rke version`. */
export const versionCommand: CommandSpec = {
  name: 'version',
  help: 'print the Kubernetes version of the cluster',
  flags: [config],
  group: CLUSTER,
  examples: [example('rke version', 'of the cluster whose kubeconfig is beside ./cluster.yml')],
  load: async () => (await import('../commands/version.ts')).versionCommand,
}
