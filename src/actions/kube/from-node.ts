import { DeadlineError } from '../../errors.ts'
import type { KubeApi } from '../../kube/client/kube-api.ts'
import type { KubeNode } from '../../kube/objects/kube-object.ts'
import type { DnsMove, NodeDrain } from '../../plan/action/drain.ts'
import type { ActionContext } from '../action-handler.ts'
import { lookUpNode } from './lookup-node.ts'

/**
 * Moves pods off a node that is registered. Of one whose machine cannot be reached none are moved once Kubernetes calls it not
 * Ready, which it does 40 s after the machine went down: nothing would end its pods, which are deleted with the Node.
 */
export async function moveFromNode(
  action: DnsMove | NodeDrain,
  context: ActionContext,
  move: (api: KubeApi, node: KubeNode) => Promise<void>,
): Promise<void> {
  const api = await context.kube()
  const found = await lookUpNode(api, action, context.signal)
  if (found === undefined || (action.whileReady && !found.ready)) return
  try {
    await move(api, found)
  } catch (error) {
    if (!(action.whileReady && error instanceof DeadlineError)) throw error
    const now = await lookUpNode(api, action, context.signal)
    if (now?.ready) throw error
  }
}
