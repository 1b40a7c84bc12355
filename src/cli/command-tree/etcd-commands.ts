import type { CommandSpec } from './command-spec.ts'
import {
  breakLock,
  common,
  example,
  output,
  ownAuthority,
  ownCertificates,
  skipUnreachable,
  snapshotFlags,
  text,
} from './common-flags.ts'
import { snapshotFileCommands } from './snapshot-file-commands.ts'

/** `rke etcd`: snapshots. */
export const etcdCommand: CommandSpec = {
  name: 'etcd',
  help: 'snapshots of etcd',
  group: 'etcd',
  flags: [],
  commands: [
    {
      name: 'snapshot-save',
      help: 'take a snapshot on every etcd node',
      flags: [
        ...snapshotFlags,
        {
          name: 'overwrite',
          type: 'boolean',
          help: 'replace snapshots of this name; without it they are kept, and nothing is saved',
        },
        { name: 'dry-run', type: 'boolean', help: 'print what would be done, and do nothing' },
        output,
        skipUnreachable,
        { ...breakLock, help: 'end a save that another run seems to be making' },
      ],
      examples: [
        example('rke etcd snapshot-save --name before-upgrade', 'save it under this name'),
        example(
          `rke etcd snapshot-save --s3 --bucket-name backups --access-key '\${env:S3_KEY}' --secret-key '\${env:S3_SECRET}'`,
          'copy it to a bucket besides; the keys come from the environment',
        ),
      ],
      load: async () => (await import('../commands/etcd-snapshot-save.ts')).etcdSnapshotSaveCommand,
    },
    {
      name: 'snapshot-restore',
      help: 'rebuild the cluster from a snapshot',
      flags: [
        ...snapshotFlags,
        ...ownCertificates,
        ...ownAuthority,
        {
          name: 'use-local-state',
          type: 'boolean',
          help: 'use the local state file, not the one in the snapshot',
        },
        {
          name: 'clean-former-nodes',
          type: 'boolean',
          help: 'take the cluster off machines, too, that the local state names and the cluster file does not',
        },
        text('from', 'etcd node whose copy is restored, by its address', 'address'),
        {
          name: 'kubernetes-version',
          type: 'string',
          choices: ['from-snapshot', 'from-config'],
          help: 'version to restore with, where snapshot and cluster file differ: from-snapshot or from-config',
        },
        { name: 'dry-run', type: 'boolean', help: 'print the plan and change nothing' },
        output,
        { name: 'yes', short: 'y', type: 'boolean', help: 'do not ask' },
        skipUnreachable,
        {
          name: 'skipped-are-off',
          type: 'boolean',
          help: 'the skipped hosts are switched off; to be said where they are a quorum of the etcd members before',
        },
        breakLock,
        {
          name: 'abort',
          type: 'boolean',
          help: 'go back from a restore that is not done to the cluster before it',
        },
      ],
      examples: [
        example('rke etcd snapshot-restore --name before-upgrade', 'restore the cluster from it'),
        example('rke etcd snapshot-restore --name before-upgrade --dry-run', 'see what would be done'),
        example('rke etcd snapshot-restore --abort', 'go back, as long as the restore is not done'),
      ],
      load: async () => (await import('../commands/etcd-snapshot-restore.ts')).etcdSnapshotRestoreCommand,
    },
    ...snapshotFileCommands,
    {
      name: 'recover',
      help: 'rebuild etcd from one member where its quorum is lost and there is no snapshot',
      flags: [
        ...common,
        text('from', 'node whose data to go on with; without it the newest', 'address'),
        {
          name: 'dry-run',
          type: 'boolean',
          help: 'print what was found and what would be done, and do nothing',
        },
        { name: 'yes', short: 'y', type: 'boolean', help: 'do not ask' },
        { name: 'discard', type: 'boolean', help: 'delete the data that finished recoveries have kept' },
        breakLock,
        output,
      ],
      words: 'refused',
      examples: [
        example('rke etcd recover --dry-run', 'see which members have data, and whose is the newest'),
        example('rke etcd recover', 'go on with the newest data; "rke up" then adds the other members'),
      ],
      load: async () => (await import('../commands/etcd-recover.ts')).etcdRecoverCommand,
    },
  ],
}
