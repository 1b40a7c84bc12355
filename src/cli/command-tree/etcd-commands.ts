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
      examples: [example('rke etcd snapshot-restore --name before-upgrade', 'bring the cluster back to it')],
    },
  ],
}
