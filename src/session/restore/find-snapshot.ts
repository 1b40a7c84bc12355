import type { Emit } from '../../engine/events.ts'
import { SnapshotError, toRkeError } from '../../errors.ts'
import type { Node } from '../../node/node.ts'
import { listSnapshots } from '../../node/snapshots/list-snapshots.ts'
import { readSnapshot } from '../../node/snapshots/read-snapshot.ts'
import { SNAPSHOT_FOLDER } from '../../node-paths.ts'
import type { ChosenSnapshot } from '../../plan/snapshots/restore-view.ts'
import type { SnapshotFile } from '../../snapshots/snapshot.ts'
import { nearestNames } from './nearest-names.ts'

export interface SnapshotSearch {
  /** Without `.zip`. */
  readonly name: string
  /** Etcd nodes in the order in which they are asked; all have the image. */
  readonly nodes: readonly Node[]
  readonly image: string
  readonly signal: AbortSignal
  readonly emit: Emit
}

const STEP = 'find the snapshot'

/**
 * The first copy of a snapshot that can be read and is whole, as RKE 1.6.3 asks nodes in the order of cluster.yml. Every
 * member takes snapshots of its own, so that copies of the same name may differ: one is taken for all.
 * @throws SnapshotError if no node has it, or none has a whole one.
 */
export async function findSnapshot(search: SnapshotSearch): Promise<ChosenSnapshot> {
  const { name, nodes, image, signal, emit } = search
  const lists = await Promise.all(nodes.map((node) => listSnapshots(node, image, signal)))
  const copies = nodes.flatMap((node, index) => {
    const files = (lists[index] ?? []).filter((file) => file.name === name)
    const file = files.find(({ form }) => form === 'archive') ?? files[0]
    return file === undefined ? [] : [{ node, file }]
  })
  if (copies.length === 0) throw notFound(search, lists.flat())
  const failures: SnapshotError[] = []
  for (const { node, file } of copies) {
    try {
      return { file, content: await readSnapshot(node, { image, name }, signal) }
    } catch (thrown) {
      if (!(thrown instanceof SnapshotError)) throw thrown
      failures.push(thrown)
      const text = `The copy of ${name} on [${node.address}] is left out: ${toRkeError(thrown).message}`
      emit({ type: 'notice', level: 'warning', area: 'etcd', text, node: node.address })
    }
  }
  const [only] = failures
  if (only !== undefined && failures.length === 1) throw only
  throw new SnapshotError(`no copy of the snapshot ${name} can be used`, {
    step: STEP,
    why: failures.map(({ host, message }) => `${host}: ${message}`).join('; '),
    untouched: true,
    hint: 'choose another snapshot: "rke etcd snapshot-ls" lists them',
  })
}

function notFound({ name, nodes }: SnapshotSearch, found: readonly SnapshotFile[]): SnapshotError {
  const where = (near: string): string =>
    found
      .filter((file) => file.name === near)
      .map(({ place }) => (place.kind === 'node' ? place.address : 'S3'))
      .join(', ')
  const near = nearestNames(
    name,
    found.map((file) => file.name),
  )
  return new SnapshotError(
    `there is no snapshot ${name} on ${nodes.map(({ address }) => address).join(', ')}`,
    {
      step: STEP,
      untouched: true,
      hint:
        near.length === 0
          ? `put the archive into ${SNAPSHOT_FOLDER} of an etcd node; "rke etcd snapshot-ls" lists what is there`
          : `there are ${near.map((one) => `${one} (on ${where(one)})`).join(', ')}`,
    },
  )
}
