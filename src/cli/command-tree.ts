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
  ownCertificates,
  planOutput,
  skipUnreachable,
  snapshotFlags,
  sshAgentAuth,
  strict,
  text,
  unsupported,
} from './common-flags.ts'
import type { Shell } from './completion/shell.ts'
import { imagesCommand } from './images-commands.ts'

const CLUSTER = 'Cluster'
const CERTIFICATES = 'Certificates and keys'
const CONFIGURATION = 'Configuration'

const up: CommandSpec = {
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
      help: 'print what would be done, and do nothing; exit codes of plan',
    },
    output,
    local,
    dind,
    unsupported({ name: 'dind-storage-driver', type: 'string', help: 'storage driver for --dind' }),
    unsupported({ name: 'dind-dns-server', type: 'string', default: '8.8.8.8', help: 'DNS for --dind' }),
    ...choice,
    breakLock,
    { name: 'init', type: 'boolean', help: 'stop when the state file is prepared' },
    ...ownCertificates,
  ],
  group: CLUSTER,
  examples: [
    example('rke up', 'make the cluster what ./cluster.yml says'),
    example('rke up --config prod.yml --dry-run', 'see what would be done'),
    example('rke up --nodes 10.0.0.7,10.0.0.8', 'leave all other nodes alone'),
    example('rke up --output json > events.jsonl', 'for a program to follow'),
  ],
  load: async () => (await import('./commands/up.ts')).upCommand,
}

const plan: CommandSpec = {
  name: 'plan',
  help: 'print what up would do, and why; exit code 0: nothing, 2: something',
  flags: [
    ...common,
    disablePortCheck,
    skipUnreachable,
    strict,
    ...choice,
    ...ownCertificates,
    local,
    planOutput,
  ],
  group: CLUSTER,
  words: 'refused',
  examples: [
    example('rke plan', 'read what up would do, and why'),
    example('rke plan --output json', 'the same for a program; exit code 2 if there is anything to do'),
  ],
  load: async () => (await import('./commands/plan.ts')).planCommand,
}

const remove: CommandSpec = {
  name: 'remove',
  help: 'take the cluster off its nodes',
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
    example('rke remove', 'ask, then take the cluster away; snapshots stay'),
    example('rke remove --force --config test.yml', 'do not ask'),
  ],
  load: async () => (await import('./commands/remove.ts')).removeCommand,
}

const validate: CommandSpec = {
  name: 'validate',
  help: 'tell all that is wrong with a cluster file; exit code 0: nothing but warnings, 1: errors',
  flags: [
    { ...config, help: 'cluster file to look at' },
    strict,
    {
      name: 'file-only',
      type: 'boolean',
      help: 'look at nothing but the file: not at keys, secrets, the state and manifests on this machine',
    },
    sshAgentAuth,
    ...ownCertificates,
    local,
    { ...planOutput, help: 'how problems are printed: text or json' },
  ],
  words: 'file',
  examples: [
    example('rke config validate prod.yml', 'look at one file'),
    example(
      'rke config validate --file-only --strict --output json',
      'for a pipeline without keys and secrets: warnings count, too',
    ),
  ],
  load: async () => (await import('./commands/config-validate.ts')).configValidateCommand,
}

const configCommand: CommandSpec = {
  name: 'config',
  help: 'write a cluster file, or list versions and images',
  flags: [
    {
      name: 'name',
      short: 'n',
      type: 'string',
      default: 'cluster.yml',
      value: 'file',
      help: 'file to write',
    },
    { name: 'empty', short: 'e', type: 'boolean', help: 'write the skeleton, ask nothing' },
    { name: 'print', short: 'p', type: 'boolean', help: 'print instead of writing' },
    {
      name: 'with-images',
      type: 'boolean',
      help: 'write the image of each component instead of the version, as RKE does',
    },
    { name: 'system-images', short: 's', type: 'boolean', help: 'list images' },
    { name: 'list-version', short: 'l', type: 'boolean', help: 'print the default Kubernetes version' },
    { name: 'all', short: 'a', type: 'boolean', help: 'with -s or -l: all current versions' },
    text('version', 'with -s: the version whose images are listed', 'version'),
  ],
  group: CONFIGURATION,
  examples: [
    example('rke config', 'answer questions; ./cluster.yml is written'),
    example('rke config --empty --name new.yml', 'a file with every key, to fill in'),
    example('rke config --list-version --all', 'the Kubernetes versions on offer'),
    example('rke config --system-images --version v1.30.5-rancher1-1', 'the images of one version'),
  ],
  load: async () => (await import('./commands/config.ts')).configCommand,
  commands: [
    validate,
    {
      name: 'schema',
      help: 'print the JSON Schema of cluster files, for editors',
      flags: [],
      words: 'refused',
      examples: [example('rke config schema > cluster.schema.json', 'keep it for your editor')],
      load: async () => (await import('./commands/config-schema.ts')).configSchemaCommand,
    },
  ],
}

const shell = (name: Shell, line: string): CommandSpec => ({
  name,
  help: `print the completion script for ${name}`,
  flags: [],
  words: 'refused',
  examples: [example(line, 'complete commands, flags, choices and files')],
  load: async () => (await import('./commands/completion.ts')).completionCommand(name, commandTree),
})
const completion: CommandSpec = {
  name: 'completion',
  help: 'scripts that let a shell complete commands and flags',
  flags: [],
  group: 'Shell',
  commands: [
    shell('bash', 'source <(rke completion bash)'),
    shell('zsh', 'source <(rke completion zsh)'),
    shell('fish', 'rke completion fish > ~/.config/fish/completions/rke.fish'),
  ],
}

/** Every command. One without `load` is known to the parser and refuses to run. */
export const commandTree: CommandSpec = {
  name: 'rke',
  help: 'Builds, changes and removes Kubernetes clusters on machines with SSH and Docker.',
  flags: [
    { name: 'debug', short: 'd', type: 'boolean', help: 'tell more' },
    { name: 'quiet', short: 'q', type: 'boolean', help: 'tell nothing but a fatal error' },
    { name: 'trace', type: 'boolean', help: 'the same as --debug' },
    { name: 'version', short: 'v', type: 'boolean', help: 'print the version of the program' },
  ],
  examples: [
    example('rke config', 'answer questions; cluster.yml is written'),
    example('rke plan', 'see what would be done'),
    example('rke up', 'do it; also to change the cluster, and after a failure'),
  ],
  commands: [
    up,
    plan,
    remove,
    {
      name: 'version',
      help: 'print the Kubernetes version of the cluster',
      flags: [config],
      group: CLUSTER,
      examples: [example('rke version', 'of the cluster whose kubeconfig is beside ./cluster.yml')],
      load: async () => (await import('./commands/version.ts')).versionCommand,
    },
    configCommand,
    {
      name: 'etcd',
      help: 'snapshots of etcd',
      group: 'etcd',
      flags: [],
      commands: [
        {
          name: 'snapshot-save',
          help: 'take a snapshot on every etcd node',
          flags: snapshotFlags,
          examples: [example('rke etcd snapshot-save --name before-upgrade', 'keep it under this name')],
        },
        {
          name: 'snapshot-restore',
          help: 'rebuild the cluster from a snapshot',
          flags: [
            ...snapshotFlags,
            ...ownCertificates,
            { name: 'use-local-state', type: 'boolean', help: 'take the local state, not the snapshot’s' },
          ],
          examples: [
            example('rke etcd snapshot-restore --name before-upgrade', 'bring the cluster back to it'),
          ],
        },
      ],
    },
    {
      name: 'cert',
      help: 'certificates',
      group: CERTIFICATES,
      flags: [],
      commands: [
        {
          name: 'rotate',
          help: 'make new certificates',
          flags: [
            ...common,
            {
              name: 'service',
              type: 'list',
              value: 'name',
              help: 'only for this service; may be repeated',
            },
            { name: 'rotate-ca', type: 'boolean', help: 'a new CA, too' },
          ],
          examples: [
            example('rke cert rotate', 'new certificates for all services, from the same CA'),
            example('rke cert rotate --service kubelet --service etcd', 'for these two alone'),
          ],
        },
        {
          name: 'generate-csr',
          help: 'write keys and certificate signing requests',
          flags: [config, text('cert-dir', 'folder to write to, instead of <cluster file>_certs', 'folder')],
          examples: [
            example('rke cert generate-csr', 'keys and requests for all certificates, in ./cluster_certs'),
          ],
          load: async () => (await import('./commands/cert-generate-csr.ts')).certGenerateCsrCommand,
        },
      ],
    },
    {
      name: 'encrypt',
      help: 'encryption of Secrets',
      group: CERTIFICATES,
      flags: [],
      commands: [{ name: 'rotate-key', help: 'replace the encryption key', flags: common }],
    },
    imagesCommand,
    {
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
          load: async () => (await import('./commands/util-get-state-file.ts')).utilGetStateFileCommand,
        },
        {
          name: 'get-kubeconfig',
          help: 'get the kubeconfig back from the state file',
          flags: common,
          examples: [example('rke util get-kubeconfig', 'write ./kube_config_cluster.yml anew')],
          load: async () => (await import('./commands/util-get-kubeconfig.ts')).utilGetKubeconfigCommand,
        },
      ],
    },
    completion,
  ],
}
