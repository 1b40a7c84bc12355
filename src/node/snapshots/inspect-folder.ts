import { SNAPSHOT_MOUNT } from '../../node-paths.ts'
import { archiveFileName } from '../../snapshots/snapshot-name.ts'
import type { Node } from '../node.ts'
import { RESULTS, runReader } from './reader-container.ts'
import type { ReadRequest } from './snapshot-requests.ts'

/** The snapshot folder of a node, as a save needs it. */
export interface SnapshotFolder {
  /** Bytes that are free on its disk for root. */
  readonly freeBytes: number
  /** Files of one snapshot's name: its archive, or etcd's own file. */
  readonly files: readonly FoundFile[]
}

export interface FoundFile {
  /** `before-upgrade.zip` */
  readonly file: string
  /** Seconds since 1970, by the node's clock. */
  readonly modified: number
}

/**
 * Free space in the file `disk` of the results, and for each file named that is there one in `files`, with the time of its last
 * change: a snapshot may have any name, that of our own file too.
 */
export const INSPECT_SCRIPT = `
mkdir -p ${RESULTS}/files && cd ${SNAPSHOT_MOUNT} || exit 1
df -Pk . | tail -n 1 >${RESULTS}/disk
for file; do
  [ -f "./$file" ] && stat -c %Y "./$file" >"${RESULTS}/files/$file"
done
true
`

/** Finds the files of a snapshot, and the free space, with one helper container. `image` must have a shell. */
export async function inspectFolder(
  node: Node,
  { image, helper, name }: Pick<ReadRequest, 'image' | 'helper' | 'name'>,
  signal: AbortSignal,
): Promise<SnapshotFolder> {
  const wanted = [archiveFileName(name), name]
  const results = await runReader(node, { image, helper, script: INSPECT_SCRIPT, args: wanted }, signal)
  const textOf = (file: string): string | undefined => results.get(file)?.reveal().toString('utf8')
  // Device, blocks, used, available.
  const freeKib = Number((textOf('disk') ?? '').trim().split(/\s+/)[3])
  return {
    freeBytes: freeKib * 1024,
    files: wanted.flatMap((file) => {
      const modified = textOf(`files/${file}`)
      return modified === undefined ? [] : [{ file, modified: Number(modified) }]
    }),
  }
}
