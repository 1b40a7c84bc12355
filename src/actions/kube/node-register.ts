import { syncNode, waitForNode } from '../../kube/tasks/sync-node.ts'
import type { ActionHandler } from '../action-handler.ts'

/** A kubelet registers as soon as its API answers; slow machines pull the pause image before. */
const DEADLINE_MS = 180_000

export const nodeRegister: ActionHandler<'node.register'> = {
  describe: (action) => `set labels, annotations and taints of node ${action.hostname}`,
  async run(action, { config, applied, kube, signal, progress }) {
    const node = config.nodes.find(({ address }) => address === action.node)
    if (node === undefined) return
    const api = await kube()
    progress(`waiting for the kubelet to register node ${action.hostname}`)
    const registered = await waitForNode(api, lookup(node, config.cloudProvider.name), {
      what: `node ${action.hostname} to be registered by its kubelet`,
      deadlineMs: DEADLINE_MS,
      signal,
    })
    const previous = applied?.nodes.find(({ address }) => address === action.node)
    const input = { node, ...(previous && { previous }), workerDeployed: action.deployed }
    await syncNode(api, registered.name, input, signal)
  },
}

/** Clouds that name nodes themselves are searched by address, too. */
export function lookup(
  node: { readonly hostnameOverride: string; readonly internalAddress: string },
  cloudProvider: string | undefined,
): { readonly hostnameOverride: string; readonly internalAddress?: string } {
  const { hostnameOverride, internalAddress } = node
  return cloudProvider === 'external-aws' ? { hostnameOverride, internalAddress } : { hostnameOverride }
}
