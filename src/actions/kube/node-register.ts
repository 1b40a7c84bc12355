import { syncNode, waitForNode } from '../../kube/tasks/sync-node.ts'
import type { ActionHandler } from '../action-handler.ts'

/** A kubelet registers as soon as its API answers; slow machines pull the pause image before. */
const DEADLINE_MS = 180_000

export const nodeRegister: ActionHandler<'node.register'> = {
  describe: (action) => `set labels, annotations and taints of node ${action.hostname}`,
  async run(action, { kube, signal, progress }) {
    const { wish, previous, deployed } = action
    const api = await kube()
    progress(`waiting for the kubelet to register node ${action.hostname}`)
    const registered = await waitForNode(api, action, {
      what: `node ${action.hostname} to be registered by its kubelet`,
      deadlineMs: DEADLINE_MS,
      signal,
    })
    const input = { node: wish, previous, workerDeployed: deployed }
    await syncNode(api, registered.name, input, signal)
  },
}
