import type { CommandSpec } from './command-spec.ts'
import {
  breakLock,
  example,
  output,
  ownCertificates,
  skipUnreachable,
  snapshotFlags,
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
  ],
}
