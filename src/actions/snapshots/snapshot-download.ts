import { createRequest } from '../../node/containers/create-request.ts'
import { downloadSnapshot } from '../../node/snapshots/download-snapshot.ts'
import { markFetched } from '../../node/snapshots/mark-fetched.ts'
import type { ActionHandler } from '../action-handler.ts'

export const snapshotDownload: ActionHandler<'snapshot.download'> = {
  describe: ({ snapshot }) => `download the snapshot ${snapshot} from the bucket`,
  async run({ container, node: address, snapshot, timeout }, { node, progress, signal, time }) {
    const request = {
      snapshot,
      helper: container.name,
      container: createRequest(container),
      limitMs: timeout * 1000,
    }
    await markFetched(node(address), container.image)
    await downloadSnapshot(node(address), request, { signal, time, onProgress: progress })
  },
}
