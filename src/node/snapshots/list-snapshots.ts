import type { ArchiveDirectory } from '../../snapshots/archive-members.ts'
import { recogniseFile } from '../../snapshots/recognise-file.ts'
import type { SnapshotFile } from '../../snapshots/snapshot.ts'
import { archiveFileName } from '../../snapshots/snapshot-name.ts'
import type { Node } from '../node.ts'
import { LIST_SCRIPT } from './list-script.ts'
import { type ReaderRun, runReader } from './reader-container.ts'

/** A snapshot on a node, and what reading its data takes. */
export interface ListedSnapshot {
  readonly file: SnapshotFile
  /** Of an archive without a problem. */
  readonly directory?: ArchiveDirectory
}

export interface ListRequest extends Pick<ReaderRun, 'helper'> {
  /** The backup image (`Catalog.backupImage`); must be on the node. */
  readonly image: string
  /** The folder on the node; the snapshot folder if absent. */
  readonly folder?: string | undefined
  /** Only the snapshots of these names, without `.zip`. */
  readonly names?: readonly string[] | undefined
}

/**
 * The snapshots in the snapshot folder of a node, in the order of their names; whatever else is there is left out. Their data is not read: a
 * snapshot without `problem` may be damaged all the same.
 */
export async function listSnapshots(
  node: Node,
  request: Pick<ListRequest, 'image' | 'helper'>,
  signal: AbortSignal,
): Promise<readonly SnapshotFile[]> {
  return (await listFiles(node, request, signal)).map(({ file }) => file)
}

/** As `listSnapshots`, with what `readListed` needs. */
export async function listFiles(
  node: Node,
  { image, folder, helper, names = [] }: ListRequest,
  signal: AbortSignal,
): Promise<readonly ListedSnapshot[]> {
  const args = names.flatMap((name) => [archiveFileName(name), name])
  const results = await runReader(node, { image, folder, helper, script: LIST_SCRIPT, args }, signal)
  const lines = (results.get('list')?.reveal().toString('utf8') ?? '')
    .split('\n')
    .filter((line) => line !== '')
  const listed = await Promise.all(lines.map((line) => parseLine(node.address, line)))
  return listed.flatMap((one) => one ?? [])
}

async function parseLine(address: string, line: string): Promise<ListedSnapshot | undefined> {
  const [name = '', bytes = '', seconds = '', head = '', tail = ''] = line.split(' ')
  const decoded = (text: string): Buffer => Buffer.from(text, 'base64')
  const found = await recogniseFile({
    file: decoded(name).toString('utf8'),
    bytes: Number(bytes),
    head: decoded(head),
    tail: decoded(tail),
  })
  if (found === undefined) return undefined
  const { directory, ...rest } = found
  const place = { kind: 'node', address } as const
  const file = { ...rest, place, bytes: Number(bytes), modified: new Date(Number(seconds) * 1000) }
  return { file, ...(directory && { directory }) }
}
