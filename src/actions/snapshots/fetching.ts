import { copySnapshot } from '../../node/snapshots/copy-snapshot.ts'
import { deleteScratch } from '../../node/snapshots/delete-scratch.ts'
import { markFetched } from '../../node/snapshots/mark-fetched.ts'
import { unpackSnapshot } from '../../node/snapshots/unpack-snapshot.ts'
import { SCRATCH_FOLDER, SNAPSHOT_FOLDER } from '../../node-paths.ts'
import type { ActionHandler } from '../action-handler.ts'

export const snapshotCopy: ActionHandler<'snapshot.copy'> = {
  describe: ({ file, to }) => `copy ${file} to ${to.join(', ')}`,
  async run({ node: source, to, file, member, image, bytes }, { node, signal, progress }) {
    await Promise.all(to.map((address) => markFetched(node(address), image)))
    const onProgress = (done: number): void => progress(file, { done, total: bytes * to.length })
    const folders = { from: SNAPSHOT_FOLDER, to: SCRATCH_FOLDER }
    await copySnapshot(node(source), to.map(node), { ...folders, file, member, image, signal, onProgress })
  },
}

export const snapshotUnpack: ActionHandler<'snapshot.unpack'> = {
  describe: ({ name }) => `verify and unpack ${name}`,
  async run({ node: address, hash, ...request }, { node, signal }) {
    await markFetched(node(address), request.image)
    await unpackSnapshot(node(address), { ...request, expectedHash: hash }, signal)
  },
}

export const scratchDelete: ActionHandler<'scratch.delete'> = {
  describe: () => `delete ${SCRATCH_FOLDER}`,
  async run({ node: address, image, selinux }, { node, signal }) {
    await deleteScratch(node(address), { image, selinux, signal })
  },
}
