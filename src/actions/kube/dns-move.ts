import { moveClusterDns } from '../../kube/drain/cluster-dns.ts'
import type { ActionHandler } from '../action-handler.ts'
import { drainOptions } from './drain-options.ts'
import { moveFromNode } from './from-node.ts'

export const dnsMove: ActionHandler<'dns.move'> = {
  describe: (action) => `move cluster DNS off node ${action.hostname}`,
  run: (action, context) =>
    moveFromNode(action, context, (api, { name }) =>
      moveClusterDns(api, name, drainOptions(action.options, context, { leaves: true })),
    ),
}
