import { createHash } from 'node:crypto'
import { SnapshotError } from '../../errors.ts'
import { inspectFolder } from '../../node/snapshots/inspect-folder.ts'
import { findSnapshot, readListed } from '../../node/snapshots/read-snapshot.ts'
import { SNAPSHOT_FOLDER } from '../../node-paths.ts'
import type { SnapshotVerify } from '../../plan/action/snapshots.ts'
import type { SavedSnapshot } from '../../snapshots/saved-snapshot.ts'
import type { SnapshotContent } from '../../snapshots/snapshot.ts'
import { archiveFileName } from '../../snapshots/snapshot-name.ts'
import type { ActionContext, ActionHandler } from '../action-handler.ts'

export const snapshotVerify: ActionHandler<'snapshot.verify'> = {
  describe: ({ snapshot }) => `verify the archive of ${snapshot}`,
  async run(action, context) {
    const notes = context.snapshots()
    try {
      notes.saved(await verified(action, context))
    } catch (error) {
      context.signal.throwIfAborted()
      throw notes.whyNotCopied(action.node) ?? error
    }
  },
}

async function verified(
  action: SnapshotVerify,
  { node: at, signal, snapshots }: ActionContext,
): Promise<SavedSnapshot> {
  const { freeBefore, image, node: address, replaces, snapshot: name } = action
  const node = at(address)
  const listed = await findSnapshot(node, { image, name }, signal)
  const { bytes, form, modified } = listed.file
  // A helper that succeeded has made it, even within a second of the one before.
  const isOld = snapshots().whyNotCopied(address) !== undefined && modified.getTime() === replaces
  if (form !== 'archive' || isOld) throw damaged(action, 'there is no new archive')
  const [result] = await readListed(node, { image }, [listed], signal)
  if (result === undefined || 'problem' in result) throw damaged(action, result?.problem ?? 'it is gone')
  const { content } = result
  refuseOtherState(action, content)
  const freeBytes =
    freeBefore === undefined
      ? (await inspectFolder(node, { image, name }, signal)).freeBytes
      : freeBefore - bytes
  const { hash, kubernetesVersion, keys, revision } = content
  return {
    node: address,
    file: `${SNAPSHOT_FOLDER}/${archiveFileName(name)}`,
    bytes,
    databaseBytes: content.bytes,
    hash,
    ...(revision !== undefined && { revision }),
    ...(keys !== undefined && { keys }),
    ...(kubernetesVersion !== undefined && { kubernetesVersion }),
    freeBytes,
  }
}

function refuseOtherState(action: SnapshotVerify, { state }: SnapshotContent): void {
  if (state === undefined) throw damaged(action, 'it has no state file')
  const digest = createHash('sha256').update(state.reveal()).digest('hex')
  if (digest !== action.stateDigest)
    throw damaged(action, 'its state file is another one than that of this run')
}

function damaged({ node, snapshot }: SnapshotVerify, why: string): SnapshotError {
  return new SnapshotError(`the snapshot ${snapshot} was not saved as it should be`, {
    host: node,
    why,
    hint: 'save again, under another name',
  })
}
