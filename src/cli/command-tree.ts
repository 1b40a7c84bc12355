import type { CommandSpec, Example, Flag } from './command-spec.ts'
import type { Shell } from './completion/shell.ts'

const CLUSTER = 'Cluster'
const CERTIFICATES = 'Certificates and keys'
const CONFIGURATION = 'Configuration'
const IMAGES = 'Images'

const config: Flag = {
  name: 'config',
  type: 'string',
  default: 'cluster.yml',
  env: 'RKE_CONFIG',
  value: 'file',
  help: 'cluster file; state file and kubeconfig are named after it',
}
const sshAgentAuth: Flag = {
  name: 'ssh-agent-auth',
  type: 'boolean',
  help: 'log in with the keys of the SSH agent at SSH_AUTH_SOCK',
}
const ignoreDockerVersion: Flag = {
  name: 'ignore-docker-version',
  type: 'boolean',
  help: 'take any Docker version',
}
const common = [config, sshAgentAuth, ignoreDockerVersion]

const output: Flag = {
  name: 'output',
  type: 'string',
  default: 'auto',
  choices: ['auto', 'text', 'json'],
  help: 'text: log lines; json: one event a line; auto: progress on a terminal, else text',
}
const planOutput: Flag = {
  ...output,
  default: 'text',
  choices: ['text', 'json'],
  help: 'how the plan is printed: text or json',
}
const disablePortCheck: Flag = {
  name: 'disable-port-check',
  type: 'boolean',
  help: 'do not look whether new nodes reach each other',
}

const strict: Flag = { name: 'strict', type: 'boolean', help: 'warnings about the cluster file are errors' }

const skipUnreachable: Flag = {
  name: 'skip-unreachable',
  type: 'boolean',
  help: 'leave out hosts that cannot be reached, and fail at the end',
}

const unsupported = (flag: Omit<Flag, 'unsupported'>): Flag => ({ ...flag, unsupported: true })
const local: Flag = {
  name: 'local',
  type: 'boolean',
  help: 'the cluster is this machine alone, through its own Docker; the file’s nodes do not count',
}
const dind = unsupported({ name: 'dind', type: 'boolean', help: 'nodes are local Docker containers' })
const ownCertificates: readonly Flag[] = [
  {
    name: 'cert-dir',
    type: 'string',
    value: 'folder',
    help: 'folder of certificates, instead of <cluster file>_certs',
  },
  { name: 'custom-certs', type: 'boolean', help: 'take all certificates from the certificate folder' },
]
const onlyNodes: Flag = {
  name: 'nodes',
  type: 'list',
  value: 'addresses',
  help: 'only these nodes, by address: a,b; may be repeated',
}
/** Which part of a change is made, and how: the same for `up` and for the plan of it. */
const choice: readonly Flag[] = [
  { name: 'update-only', type: 'boolean', help: 'only add workers; touch no node that is there' },
  onlyNodes,
  { name: 'no-drain', type: 'boolean', help: 'delete nodes that leave with the pods on them' },
]
const text = (name: string, help: string, value?: Flag['value']): Flag => ({
  name,
  type: 'string',
  ...(value && { value }),
  help,
})
const example = (line: string, help: string): Example => ({ line, help })
const snapshotFlags: readonly Flag[] = [
  text('name', 'snapshot name', 'name'),
  ...common,
  { name: 's3', type: 'boolean', help: 'use S3, as the following flags say' },
  { name: 's3-endpoint', type: 'string', default: 's3.amazonaws.com', help: 'S3 host' },
  text('s3-endpoint-ca', 'file with the CA of the S3 host', 'file'),
  text('access-key', 'S3 access key'),
  text('secret-key', 'S3 secret key'),
  text('bucket-name', 'S3 bucket'),
  text('region', 'S3 region'),
  text('folder', 'folder in the bucket'),
]

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
    { name: 'break-lock', type: 'boolean', help: 'take the lock on the cluster from another run' },
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
    { ...planOutput, help: 'how problems are printed: text or json' },
  ],
  examples: [
    example('rke config validate --config prod.yml', 'look at one file'),
    example('rke config validate --strict --output json', 'for a pipeline: warnings count, too'),
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
      examples: [example('rke config schema > cluster.schema.json', 'keep it for your editor')],
      load: async () => (await import('./commands/config-schema.ts')).configSchemaCommand,
    },
  ],
}

const archiveFile: Flag = {
  name: 'file',
  type: 'string',
  value: 'file',
  help: 'the archive; compressed if its name ends with .gz or .tgz',
}
const images: CommandSpec = {
  name: 'images',
  help: 'images that a cluster needs, for sites without a registry',
  group: IMAGES,
  flags: [],
  commands: [
    {
      name: 'list',
      help: 'print the images that the cluster needs, and only those',
      flags: [
        config,
        {
          ...planOutput,
          help: 'text: one image a line; json: an object with kubernetesVersion and images',
        },
      ],
      examples: [
        example('rke images list', 'one image a line'),
        example('rke images list --config prod.yml --output json', 'for a program'),
      ],
      load: async () => (await import('./commands/images-list.ts')).imagesListCommand,
    },
    {
      name: 'save',
      help: 'pull these images and save them to one archive',
      flags: [
        config,
        archiveFile,
        text(
          'node',
          'the node whose Docker pulls and saves; without it, the Docker of this machine',
          'address',
        ),
        sshAgentAuth,
        output,
      ],
      examples: [
        example('rke images save --file images.tar.gz', 'through the Docker of this machine'),
        example('rke images save --file images.tar --node 10.0.0.1', 'through that of a node'),
      ],
      load: async () => (await import('./commands/images-save.ts')).imagesSaveCommand,
    },
    {
      name: 'load',
      help: 'load an archive into all nodes that lack one of these images',
      flags: [
        config,
        archiveFile,
        onlyNodes,
        { name: 'local', type: 'boolean', help: 'into the Docker of this machine instead' },
        { name: 'force', type: 'boolean', help: 'also into nodes that have all of the images' },
        sshAgentAuth,
        output,
      ],
      examples: [
        example('rke images load --file images.tar.gz', 'into every node that lacks an image'),
        example('rke images load --file images.tar.gz --nodes 10.0.0.7', 'into one node'),
        example('rke images load --file images.tar.gz --local', 'into the Docker of this machine'),
      ],
      load: async () => (await import('./commands/images-load.ts')).imagesLoadCommand,
    },
  ],
}

const shell = (name: Shell, line: string): CommandSpec => ({
  name,
  help: `print the completion script for ${name}`,
  flags: [],
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
    images,
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
