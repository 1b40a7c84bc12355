import { SCRATCH_FOLDER } from '../../node-paths.ts'
import type { Node } from '../node.ts'
import { readResult } from './read-results.ts'
import { READ_SCRIPT } from './read-script.ts'
import { unusable } from './read-snapshot.ts'
import { runReader } from './reader-container.ts'
import { snapshotArguments } from './snapshot-arguments.ts'
import type { UnpackRequest } from './snapshot-requests.ts'

/** Where the container sees the scratch folder. */
const SCRATCH = '/restore'

/**
 * Writes the database of a snapshot to RKE's scratch folder for restores, `/opt/rke/etcd-snapshots-restore/<name>`, mode
 * 0600, in the place of any other of its name, once it has the hash that is expected. One that is there and has it stays. Can be
 * repeated.
 * @throws SnapshotError, with the host, if it is not there, is damaged, is another one, or finds no room.
 */
export async function unpackSnapshot(node: Node, request: UnpackRequest, signal: AbortSignal): Promise<void> {
  await unpackInto(node, SCRATCH_FOLDER, request, signal)
}

/** As `unpackSnapshot`, into any folder of the node. */
export async function unpackInto(
  node: Node,
  target: string,
  { image, name, archiveFolder: folder, form, bytes, member, expectedHash }: UnpackRequest,
  signal: AbortSignal,
): Promise<void> {
  const file = { name, form, databaseBytes: bytes }
  const directory = member && { database: member }
  const args = [SCRATCH, ...snapshotArguments({ file, directory }, expectedHash)]
  const run = { image, folder, script: READ_SCRIPT, args, binds: [`${target}:${SCRATCH}`] }
  const results = await runReader(node, run, signal)
  const text = (file: string): string | undefined => results.get(`0/${file}`)?.reveal().toString('utf8')
  if (text('kept') !== undefined) return
  const result = readResult(bytes, text)
  const why =
    'problem' in result ? result.problem : `its SHA-256 is ${result.content.hash}, not ${expectedHash}`
  throw unusable(node, name, why)
}
