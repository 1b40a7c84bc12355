import { Readable } from 'node:stream'
import { extract } from 'tar-stream'
import { HELPER } from '../../container-names.ts'
import { DockerError } from '../../errors.ts'
import { SNAPSHOT_MOUNT } from '../../node-paths.ts'
import type { ArchiveMember } from '../../snapshots/archive-members.ts'
import { nameOfFile } from '../../snapshots/snapshot-name.ts'
import { withHelper } from '../helpers/helper-container.ts'
import type { Node } from '../node.ts'
import { counted } from '../transport/counted.ts'
import { gathered } from '../transport/in-pieces.ts'
import { toAll } from '../transport/to-all.ts'
import { unpackedTar } from './unpacked-tar.ts'

export interface CopyRequest {
  /** The folder of the source. */
  readonly from: string
  /** The folder of the others, made if it is missing. */
  readonly to: string
  /** Name of the file; an archive becomes one of that name without `.zip`. */
  readonly file: string
  /** The database in it, if it is an archive. */
  readonly member?: ArchiveMember | undefined
  /** Must be on all of the nodes. */
  readonly image: string
  readonly signal: AbortSignal
  /** Bytes that all targets together have got so far. */
  readonly onProgress?: (bytes: number) => void
}

/**
 * Copies the database of a snapshot from a folder of one node to one of others. It is read once and goes
 * to all of them at once, through this machine, as it comes: nothing is kept here. It travels deflated, and Docker unpacks
 * it on the other node.
 */
export async function copySnapshot(
  source: Node,
  targets: readonly Node[],
  { from, to, file, member, image, signal, onProgress }: CopyRequest,
): Promise<void> {
  const moved = new Map<string, number>()
  const note = (target: Node, bytes: number): void => {
    moved.set(target.address, bytes)
    onProgress?.([...moved.values()].reduce((sum, each) => sum + each, 0))
  }
  const sender = { name: HELPER.sendSnapshot, image, binds: [`${from}:${SNAPSHOT_MOUNT}:ro`] }
  const receiver = { name: HELPER.downloadSnapshot, image, binds: [`${to}:${SNAPSHOT_MOUNT}`] }
  await withHelper(source, sender, async (reader) => {
    const tar = await source.docker.getArchive(reader, `${SNAPSHOT_MOUNT}/${file}`, { signal })
    if (tar === undefined) throw new DockerError(`${file} is not there any more`, { host: source.address })
    const takers = targets.map(
      (target) => (stream: Readable) =>
        withHelper(target, receiver, async (writer) => {
          const pieces = counted(stream, (bytes) => note(target, bytes))
          await target.docker.putArchive(writer, SNAPSHOT_MOUNT, pieces, { signal })
        }),
    )
    const sent = member === undefined ? tar : unpackedTar(contentOf(tar), nameOfFile(file), member)
    await toAll(Readable.from(gathered(sent), { objectMode: false }), takers)
  })
}

/** The content of the only file of an archive of Docker's. */
async function* contentOf(tar: Readable): AsyncGenerator<Buffer> {
  const entries = tar.pipe(extract())
  tar.on('error', (error) => entries.destroy(error))
  try {
    for await (const entry of entries) yield* entry as AsyncIterable<Buffer>
  } finally {
    tar.destroy()
  }
}
