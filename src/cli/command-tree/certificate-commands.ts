import type { CommandSpec } from './command-spec.ts'
import {
  breakLock,
  common,
  config,
  example,
  output,
  ownAuthority,
  ownCertificates,
  planOutput,
  skipUnreachable,
  text,
} from './common-flags.ts'

const CERTIFICATES = 'Certificates and keys'

const check: CommandSpec = {
  name: 'check',
  aliases: ['ls'],
  words: 'refused',
  help: 'list certificates of the state, on nodes and as served; exit code 0: all right, 1: expired, different or not all machines asked, 2: one ends soon',
  flags: [
    ...common,
    {
      name: 'warn-days',
      type: 'string',
      value: 'number',
      help: 'a certificate that ends in fewer days ends soon; without it 90, or a third of a shorter validity in cluster.yml',
    },
    { name: 'state-only', type: 'boolean', help: 'check the state file alone, and contact no node' },
    { ...planOutput, help: 'format of the list: text or json' },
  ],
  examples: [
    example('rke cert check', 'what there is, when it ends, and what differs'),
    example(
      'rke cert check --warn-days 30 --output json',
      'for monitoring: exit code 2 from 30 days before an end',
    ),
  ],
  load: async () => (await import('../commands/cert-check.ts')).certCheckCommand,
}

/** `rke cert`. */
export const certCommand: CommandSpec = {
  name: 'cert',
  help: 'certificates',
  group: CERTIFICATES,
  flags: [],
  commands: [
    check,
    {
      name: 'rotate',
      help: 'issue new certificates',
      flags: [
        ...common,
        {
          name: 'service',
          type: 'list',
          value: 'name',
          help: 'only for this service; may be repeated',
        },
        {
          name: 'rotate-ca',
          type: 'boolean',
          help: 'a new CA and a new key of service account tokens, in stages; goes on with a rotation that was begun',
        },
        {
          name: 'restart-workloads',
          type: 'boolean',
          help: 'with --rotate-ca: restart workloads whose pods trust only the old CA, and finish',
        },
        {
          name: 'immediately',
          type: 'boolean',
          help: 'with --rotate-ca: everything at once instead of in stages, for a cluster that is down',
        },
        {
          name: 'finish',
          type: 'boolean',
          help: 'with --rotate-ca: drop the old CA, whoever trusts only that',
        },
        ...ownCertificates,
        ...ownAuthority,
        { name: 'dry-run', type: 'boolean', help: 'print the plan and change nothing' },
        output,
        {
          name: 'yes',
          short: 'y',
          type: 'boolean',
          help: 'do not ask before a cluster that is down is restarted',
        },
        skipUnreachable,
        breakLock,
      ],
      examples: [
        example('rke cert rotate', 'new certificates for all services, signed by the same CA'),
        example('rke cert rotate --service kubelet --service etcd', 'for these two alone'),
        example('rke cert rotate --rotate-ca', 'a new CA; stops before pods of users lose the API'),
        example('rke cert rotate --yes', 'on a cluster whose certificates have expired, without asking'),
      ],
      load: async () => (await import('../commands/cert-rotate.ts')).certRotateCommand,
    },
    {
      name: 'generate-csr',
      help: 'write keys and certificate signing requests',
      flags: [config, text('cert-dir', 'folder to write to, instead of <cluster file>_certs', 'folder')],
      examples: [
        example('rke cert generate-csr', 'keys and requests for all certificates, in ./cluster_certs'),
      ],
      load: async () => (await import('../commands/cert-generate-csr.ts')).certGenerateCsrCommand,
    },
  ],
}

/** `rke encrypt`. */
export const encryptCommand: CommandSpec = {
  name: 'encrypt',
  help: 'encryption of Secrets',
  group: CERTIFICATES,
  flags: [],
  commands: [
    {
      name: 'rotate-key',
      help: 'replace the encryption key',
      flags: [
        ...common,
        { name: 'dry-run', type: 'boolean', help: 'print the plan and change nothing' },
        output,
        breakLock,
      ],
      examples: [
        example('rke encrypt rotate-key', 'a new key; every Secret is written anew with it'),
        example('rke encrypt rotate-key --dry-run', 'see what would be done'),
      ],
      load: async () => (await import('../commands/encrypt-rotate-key.ts')).encryptRotateKeyCommand,
    },
  ],
}
