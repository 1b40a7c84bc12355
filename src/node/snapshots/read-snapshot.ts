import { SnapshotError } from '../../errors.ts'
import type { SnapshotContent } from '../../snapshots/snapshot.ts'
import type { Node } from '../node.ts'
import { type ListedSnapshot, listFiles } from './list-snapshots.ts'
import { type ReadResult, readResult } from './read-results.ts'
import { READ_SCRIPT } from './read-script.ts'
import { runReader } from './reader-container.ts'
import { snapshotArguments, UNPACKED } from './snapshot-arguments.ts'
import type { ReadPlace, ReadRequest } from './snapshot-requests.ts'

/** Where the container puts a database that is read. */
const WORK = '/tmp/database'

/**
 * Reads a snapshot on a node from its beginning to its end, and checks it: the archive and its members, checksum and size of
 * each, the hash that etcd wrote, and etcd's own check of the pages. Nothing is left on the node. Of an archive and a plain snapshot of the
 * same name it is the archive, as in RKE.
 * @throws SnapshotError, with the host, if there is no such snapshot or it cannot be restored.
 */
export async function readSnapshot(
  node: Node,
  request: ReadRequest,
  signal: AbortSignal,
): Promise<SnapshotContent> {
  return await readFound(node, request, await findSnapshot(node, request, signal), signal)
}

/** As `readSnapshot`, one that was listed. */
export async function readFound(
  node: Node,
  place: ReadPlace,
  listed: ListedSnapshot,
  signal: AbortSignal,
): Promise<SnapshotContent> {
  const { name } = listed.file
  const [result] = await readListed(node, place, [listed], signal)
  if (result === undefined) throw noSnapshot(node, name)
  if ('problem' in result) throw unusable(node, name, result.problem)
  return result.content
}

/** Reads several snapshots with one helper container; the results are in their order. */
export async function readListed(
  node: Node,
  { image, folder, helper, isUnpacked = false }: ReadPlace,
  listed: readonly ListedSnapshot[],
  signal: AbortSignal,
): Promise<readonly ReadResult[]> {
  const readable = listed.filter(({ file }) => file.problem === undefined)
  const args = [WORK, ...readable.flatMap((one) => snapshotArguments(one, isUnpacked ? UNPACKED : undefined))]
  const run = { image, folder, helper, script: READ_SCRIPT, args }
  const results = readable.length === 0 ? new Map() : await runReader(node, run, signal)
  return listed.map((one) => {
    const { problem, databaseBytes = 0 } = one.file
    if (problem !== undefined) return { problem }
    const folderOfIt = readable.indexOf(one)
    return readResult(databaseBytes, (name) =>
      results.get(`${folderOfIt}/${name}`)?.reveal().toString('utf8'),
    )
  })
}

/** The snapshot of this name in a folder of a node. */
export async function findSnapshot(
  node: Node,
  { image, folder, helper, name }: ReadRequest,
  signal: AbortSignal,
): Promise<ListedSnapshot> {
  const found = await listFiles(node, { image, folder, helper, names: [name] }, signal)
  const listed = found.find(({ file }) => file.form === 'archive') ?? found[0]
  if (listed === undefined) throw noSnapshot(node, name)
  if (listed.file.problem !== undefined) throw unusable(node, name, listed.file.problem)
  return listed
}

function noSnapshot({ address }: Node, name: string): SnapshotError {
  return new SnapshotError(`there is no snapshot ${name}`, {
    host: address,
    hint: 'rke etcd snapshot-ls lists all snapshots',
  })
}

export function unusable({ address }: Node, name: string, why: string): SnapshotError {
  return new SnapshotError(`the snapshot ${name} cannot be used`, { host: address, why })
}
