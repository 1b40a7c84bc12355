import { moveClusterDns } from '../../kube/drain/cluster-dns.ts'
import type { ActionHandler } from '../action-handler.ts'
import { drainOptions } from './drain-options.ts'
import { lookUpNode } from './lookup-node.ts'

export const dnsMove: ActionHandler<'dns.move'> = {
  describe: (action) => `move cluster DNS off node ${action.hostname}`,
  async run(action, context) {
    const api = await context.kube()
    const found = await lookUpNode(api, action, context.signal)
    if (found === undefined) return
    await moveClusterDns(api, found.name, drainOptions(action.options, context, { leaves: true }))
  },
}
