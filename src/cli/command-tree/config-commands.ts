import type { CommandSpec } from './command-spec.ts'
import {
  config,
  example,
  local,
  ownAuthority,
  ownCertificates,
  planOutput,
  sshAgentAuth,
  strict,
  text,
} from './common-flags.ts'

const validate: CommandSpec = {
  name: 'validate',
  help: 'report every error and warning in a cluster file; exit code 0: no errors, 1: errors',
  flags: [
    { ...config, help: 'cluster file to check' },
    strict,
    {
      name: 'file-only',
      type: 'boolean',
      help: 'check only the file: no keys, secrets, state or manifests on this machine',
    },
    sshAgentAuth,
    ...ownCertificates,
    ...ownAuthority,
    local,
    { ...planOutput, help: 'format of the report: text or json' },
  ],
  words: 'file',
  examples: [
    example('rke config validate prod.yml', 'check one file'),
    example(
      'rke config validate --file-only --strict --output json',
      'for a pipeline without keys and secrets; warnings are errors',
    ),
  ],
  load: async () => (await import('../commands/config-validate.ts')).configValidateCommand,
}

/** `rke config` and its commands. */
export const configCommand: CommandSpec = {
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
    { name: 'empty', short: 'e', type: 'boolean', help: 'write a file with empty values, without questions' },
    { name: 'print', short: 'p', type: 'boolean', help: 'print instead of writing' },
    {
      name: 'with-images',
      type: 'boolean',
      help: 'write the image of each component instead of the version, as RKE does',
    },
    { name: 'system-images', short: 's', type: 'boolean', help: 'list images' },
    { name: 'list-version', short: 'l', type: 'boolean', help: 'print the default Kubernetes version' },
    { name: 'all', short: 'a', type: 'boolean', help: 'with -s or -l: all current versions' },
    text('version', 'with -s: Kubernetes version whose images are listed', 'version'),
    { ...planOutput, help: 'with -l or -s: text, or json with where each version is from' },
  ],
  group: 'Configuration',
  examples: [
    example('rke config', 'answer questions; ./cluster.yml is written'),
    example('rke config --empty --name new.yml', 'a file with every key, to fill in'),
    example('rke config --list-version --all', 'all supported Kubernetes versions'),
    example('rke config --system-images --version v1.30.5-rancher1-1', 'the images of one version'),
  ],
  load: async () => (await import('../commands/config.ts')).configCommand,
  commands: [
    validate,
    {
      name: 'schema',
      help: 'print the JSON Schema of cluster files, for editors',
      flags: [],
      words: 'refused',
      examples: [example('rke config schema > cluster.schema.json', 'save it for your editor')],
      load: async () => (await import('../commands/config-schema.ts')).configSchemaCommand,
    },
  ],
}
