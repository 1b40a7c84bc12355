import { snapshotTimeout } from '../../config/snapshot-timeout.ts'
import { ordinaryLinux, prefixPath } from '../../desired/node-facts.ts'
import { withSelinux } from '../../desired/selinux.ts'
import { etcdDownloadBackup } from '../../desired/services/etcd-download-backup.ts'
import { SCRATCH_FOLDER, SNAPSHOT_FOLDER } from '../../node-paths.ts'
import { fileNameOf } from '../../snapshots/snapshot.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { Reason } from '../model/reason.ts'
import type { RestoreView } from './restore-view.ts'

const BECAUSE: readonly Reason[] = [{ kind: 'snapshot-restored' }]

/**
 * What of a restore touches nothing that runs: images, the snapshot on every node that gets a member, and what `up` checks of
 * machines (`checks`).
 * @param members addresses of the nodes that get a member
 */
export function planFetch(
  restore: RestoreView,
  members: readonly string[],
  checks: readonly Action[],
): readonly Action[] {
  const { snapshot, images, machines } = restore
  const pulled = new Set(checks.map(({ id }) => id))
  const pulls = members.flatMap((node) =>
    [...new Set([images.backup, images.restore])]
      .filter(
        (image) => machines.get(node)?.images.has(image) !== true && !pulled.has(ids.image(node, image)),
      )
      .map(
        (image): Action => ({
          kind: 'image.pull',
          id: ids.image(node, image),
          node,
          image,
          because: [{ kind: 'image-missing' }],
          after: [],
        }),
      ),
  )
  const { place } = snapshot.file
  const source = place.kind === 'node' ? place.address : undefined
  const got =
    source === undefined
      ? downloads(restore, members)
      : copies(
          restore,
          source,
          members.filter((node) => node !== source),
        )
  const { file, content, directory } = snapshot
  const packed = { form: file.form, ...(directory && { member: directory.database }) }
  const unpack = members.map(
    (node): Action => ({
      kind: 'snapshot.unpack',
      id: ids.unpack(node),
      node,
      image: images.backup,
      name: file.name,
      archiveFolder: node === source ? SNAPSHOT_FOLDER : SCRATCH_FOLDER,
      ...(node === source || source === undefined ? packed : { form: 'plain' }),
      bytes: content.bytes,
      hash: content.hash,
      because: BECAUSE,
      after: [
        ids.image(node, images.backup),
        ids.download(node),
        ...(node === source || source === undefined ? [] : [ids.fetch(source)]),
      ],
    }),
  )
  return [...checks, ...pulls, ...got, ...unpack]
}

/** From the snapshot folder of one node to the scratch folders of the others, where Docker unpacks it. */
function copies(
  { snapshot, images }: RestoreView,
  source: string,
  others: readonly string[],
): readonly Action[] {
  if (others.length === 0) return []
  return [
    {
      kind: 'snapshot.copy',
      id: ids.fetch(source),
      node: source,
      image: images.backup,
      file: fileNameOf(snapshot.file),
      ...(snapshot.directory && { member: snapshot.directory.database }),
      bytes: snapshot.file.bytes,
      to: others,
      because: BECAUSE,
      after: [source, ...others].map((node) => ids.image(node, images.backup)),
    },
  ]
}

/** From the bucket to the scratch folder of each node, by RKE's helper. */
function downloads(
  { snapshot, images, machines, withBucket: config }: RestoreView,
  members: readonly string[],
): readonly Action[] {
  const { name } = snapshot.file
  return members.map((node): Action => {
    const facts = machines.get(node)?.facts ?? ordinaryLinux
    const prefix = prefixPath(config.prefixPath, facts)
    const helper = etcdDownloadBackup({ config, image: images.backup, prefix, name })
    return {
      kind: 'snapshot.download',
      id: ids.download(node),
      node,
      snapshot: name,
      container: withSelinux(helper, facts, config.kubernetesVersion),
      timeout: snapshotTimeout(config),
      because: BECAUSE,
      after: [ids.image(node, images.backup)],
    }
  })
}
