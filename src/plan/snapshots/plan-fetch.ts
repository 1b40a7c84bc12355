import { SCRATCH_FOLDER, SNAPSHOT_FOLDER } from '../../node-paths.ts'
import { archiveFileName } from '../../snapshots/snapshot-name.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { Reason } from '../model/reason.ts'
import type { RestoreView } from './restore-view.ts'

const BECAUSE: readonly Reason[] = [{ kind: 'snapshot-restored' }]

/** Name of the file of a snapshot, where it is. */
function fileOf({ file }: RestoreView['snapshot']): string {
  return file.form === 'archive' ? archiveFileName(file.name) : file.name
}

/**
 * What of a restore touches nothing that runs: images, the snapshot on every node that gets a member, and what `up` checks of
 * machines (`checks`).
 * @param members addresses of the nodes that get a member
 */
export function planFetch(
  { snapshot, images, machines }: RestoreView,
  members: readonly string[],
  checks: readonly Action[],
): readonly Action[] {
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
  const others = members.filter((node) => node !== source)
  const copy: readonly Action[] =
    source === undefined || others.length === 0
      ? []
      : [
          {
            kind: 'snapshot.copy',
            id: ids.fetch(source),
            node: source,
            image: images.backup,
            file: fileOf(snapshot),
            bytes: snapshot.file.bytes,
            to: others,
            because: BECAUSE,
            after: [source, ...others].map((node) => ids.image(node, images.backup)),
          },
        ]
  const unpack = members.map(
    (node): Action => ({
      kind: 'snapshot.unpack',
      id: ids.unpack(node),
      node,
      image: images.backup,
      name: snapshot.file.name,
      archiveFolder: node === source ? SNAPSHOT_FOLDER : SCRATCH_FOLDER,
      hash: snapshot.content.hash,
      because: BECAUSE,
      // On the source too: both are done by a helper of the same name.
      after: [ids.image(node, images.backup), ...copy.map(({ id }) => id)],
    }),
  )
  return [...checks, ...pulls, ...copy, ...unpack]
}
