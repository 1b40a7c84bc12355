import { HELPER } from '../../container-names.ts'
import { DockerError } from '../../errors.ts'
import { SCRATCH_FOLDER, SNAPSHOT_FOLDER, SNAPSHOT_MOUNT } from '../../node-paths.ts'
import { withHelper } from '../helpers/helper-container.ts'
import type { Node } from '../node.ts'
import { counted } from '../transport/counted.ts'

export interface CopyRequest {
  /** Name of the file in the snapshot folder. */
  readonly file: string
  /** Must be on all of the nodes. */
  readonly image: string
  readonly signal: AbortSignal
  /** Bytes that all targets together have got so far. */
  readonly onProgress?: (bytes: number) => void
}

/**
 * Copies a file from the snapshot folder of one node to the scratch folder of others, all at once, through this machine: as it
 * comes, nothing is kept here.
 */
export async function copySnapshot(
  source: Node,
  targets: readonly Node[],
  { file, image, signal, onProgress }: CopyRequest,
): Promise<void> {
  const moved = new Map<string, number>()
  const note = (target: Node, bytes: number): void => {
    moved.set(target.address, bytes)
    onProgress?.([...moved.values()].reduce((sum, each) => sum + each, 0))
  }
  const from = { name: HELPER.sendSnapshot, image, binds: [`${SNAPSHOT_FOLDER}:${SNAPSHOT_MOUNT}:ro`] }
  const to = { name: HELPER.downloadSnapshot, image, binds: [`${SCRATCH_FOLDER}:${SNAPSHOT_MOUNT}`] }
  await withHelper(source, from, async (reader) => {
    await Promise.all(
      targets.map((target) =>
        withHelper(target, to, async (writer) => {
          const tar = await source.docker.getArchive(reader, `${SNAPSHOT_MOUNT}/${file}`, { signal })
          if (tar === undefined) {
            throw new DockerError(`${file} is not there any more`, { host: source.address })
          }
          const pieces = counted(tar, (bytes) => note(target, bytes))
          await target.docker.putArchive(writer, SNAPSHOT_MOUNT, pieces, { signal })
        }),
      ),
    )
  })
}
