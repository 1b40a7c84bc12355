import type { Emit } from '../../engine/events.ts'
import { SnapshotError, toRkeError } from '../../errors.ts'
import type { Node } from '../../node/node.ts'
import { listFiles } from '../../node/snapshots/list-snapshots.ts'
import { readFound } from '../../node/snapshots/read-snapshot.ts'
import type { ChosenSnapshot } from '../../plan/snapshots/restore-view.ts'
import { snapshotNotFound } from '../snapshots/snapshot-not-found.ts'

export interface SnapshotSearch {
  /** Without `.zip`. */
  readonly name: string
  /** Etcd nodes in the order in which they are asked; all have the image. */
  readonly nodes: readonly Node[]
  readonly image: string
  /** Name of the helper that reads. */
  readonly helper: string
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
  const { name, nodes, image, helper, signal, emit } = search
  const lists = await Promise.all(nodes.map((node) => listFiles(node, { image, helper }, signal)))
  const copies = nodes.flatMap((node, index) => {
    const found = (lists[index] ?? []).filter(({ file }) => file.name === name)
    const listed = found.find(({ file }) => file.form === 'archive') ?? found[0]
    return listed === undefined ? [] : [{ node, listed }]
  })
  if (copies.length === 0)
    throw snapshotNotFound({
      name,
      asked: nodes.map(({ address }) => address),
      files: lists.flat().map(({ file }) => file),
    })
  const failures: SnapshotError[] = []
  for (const { node, listed } of copies) {
    try {
      return { ...listed, content: await readFound(node, { image, helper }, listed, signal) }
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
