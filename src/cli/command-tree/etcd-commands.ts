import type { CommandSpec } from './command-spec.ts'
import {
  breakLock,
  common,
  example,
  output,
  ownCertificates,
  skipUnreachable,
  snapshotFlags,
  text,
} from './common-flags.ts'

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
        {
          name: 'use-local-state',
          type: 'boolean',
          help: 'use the local state file, not the one in the snapshot',
        },
      ],
      examples: [example('rke etcd snapshot-restore --name before-upgrade', 'restore the cluster from it')],
    },
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
