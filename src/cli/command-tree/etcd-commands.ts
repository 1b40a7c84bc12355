import type { CommandSpec } from './command-spec.ts'
import { example, ownCertificates, snapshotFlags } from './common-flags.ts'

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
      flags: snapshotFlags,
      examples: [example('rke etcd snapshot-save --name before-upgrade', 'save it under this name')],
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
