import type { CommandSpec, Flag } from './command-spec.ts'
import { bucketFlags, common, example, output, planOutput, skipUnreachable, text } from './common-flags.ts'

const listOutput: Flag = { ...planOutput, help: 'text: a table; json: an object with snapshots and failures' }
const names: Flag = {
  name: 'name',
  type: 'list',
  value: 'name',
  help: 'name of a snapshot, with or without .zip; may be repeated',
}

/** `rke etcd snapshot-ls`, `snapshot-verify` and `snapshot-rm`: snapshots that are there. */
export const snapshotFileCommands: readonly CommandSpec[] = [
  {
    name: 'snapshot-ls',
    aliases: ['snapshot-list', 'list'],
    help: 'list the snapshots of all etcd nodes and of S3, and what is in them',
    flags: [
      ...common,
      ...bucketFlags,
      {
        name: 'verify',
        type: 'boolean',
        help: 'read all of them; without it only the newest, up to 256 MiB a node, and none of S3',
      },
      listOutput,
    ],
    words: 'refused',
    examples: [
      example('rke etcd snapshot-ls', 'a table, the newest first'),
      example('rke etcd snapshot-ls --output json', 'for a program'),
    ],
    load: async () => (await import('../commands/etcd-snapshot-ls.ts')).etcdSnapshotLsCommand,
  },
  {
    name: 'snapshot-verify',
    help: 'read snapshots from beginning to end, and check them',
    flags: [
      ...common,
      ...bucketFlags,
      names,
      { name: 'all', type: 'boolean', help: 'all that there are' },
      listOutput,
    ],
    words: 'names',
    examples: [
      example('rke etcd snapshot-verify before-upgrade', 'every copy of this one'),
      example('rke etcd snapshot-verify --all', 'every copy of every snapshot'),
    ],
    load: async () => (await import('../commands/etcd-snapshot-verify.ts')).etcdSnapshotVerifyCommand,
  },
  {
    name: 'snapshot-rm',
    aliases: ['snapshot-remove'],
    help: 'remove snapshots, after asking',
    flags: [
      ...common,
      ...bucketFlags,
      names,
      text('older-than', 'remove all that are older: 30d, 12h, 1d12h', 'age'),
      text('keep', 'remove all but so many of the newest good ones in each place', 'number'),
      { name: 'dry-run', type: 'boolean', help: 'print what would be removed, and do nothing' },
      { name: 'yes', short: 'y', type: 'boolean', help: 'do not ask' },
      skipUnreachable,
      output,
    ],
    words: 'names',
    examples: [
      example('rke etcd snapshot-rm before-upgrade', 'this one, from all nodes and from S3'),
      example('rke etcd snapshot-rm --older-than 30d --keep 5 --yes', 'old ones, but never the newest five'),
    ],
    load: async () => (await import('../commands/etcd-snapshot-rm.ts')).etcdSnapshotRmCommand,
  },
]
