import { waitForNode } from '../../kube/tasks/sync-node.ts'
import type { ActionHandler } from '../action-handler.ts'

/** Images of the network plugin have to be pulled before a new node is ready. */
const DEADLINE_MS = 300_000

export const nodeReady: ActionHandler<'node.ready'> = {
  describe: (action) => `wait until node ${action.hostname} is Ready`,
  async run(action, { node: connected, kube, signal, progress }) {
    const kubelet = await connected(action.node).docker.inspectContainer('kubelet')
    progress(`waiting for the network plugin on node ${action.hostname}`)
    await waitForNode(await kube(), action, {
      what: `node ${action.hostname} to be Ready`,
      deadlineMs: DEADLINE_MS,
      signal,
      readySince: Date.parse(kubelet?.State.StartedAt ?? '') || 0,
    })
  },
}
