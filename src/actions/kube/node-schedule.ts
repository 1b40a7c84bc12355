import type { KubeApi } from '../../kube/client/kube-api.ts'
import { raiseBarrier, removeBarrier } from '../../kube/drain/barrier.ts'
import { drain } from '../../kube/drain/drain.ts'
import { addonsOn, untilAddonsAreBack } from '../../kube/drain/moved-addons.ts'
import { deletePodsOf } from '../../kube/drain/pods-of-deleted-node.ts'
import { CORDONED_ANNOTATION, CORDONED_BEFORE } from '../../kube/objects/cordoned.ts'
import type { KubeNode } from '../../kube/objects/kube-object.ts'
import type { ActionContext, ActionHandler } from '../action-handler.ts'
import { drainOptions } from './drain-options.ts'
import { moveFromNode } from './from-node.ts'
import { lookUpNode } from './lookup-node.ts'

export const nodeCordon: ActionHandler<'node.cordon'> = {
  describe: (action) => `cordon node ${action.hostname}`,
  async run(action, context) {
    const api = await context.kube()
    const found = await lookUpNode(api, action, context.signal)
    if (found === undefined) return
    if (action.barrierImage !== undefined) await keepAllOff(api, found, action.barrierImage, context)
    else if (!found.unschedulable) await cordon(api, found, context)
  },
}

export const nodeUncordon: ActionHandler<'node.uncordon'> = {
  describe: (action) => `uncordon node ${action.hostname}`,
  async run(action, context) {
    const { signal } = context
    const api = await context.kube()
    const found = await lookUpNode(api, action, signal)
    const mark = found?.annotations[CORDONED_ANNOTATION]
    if (found === undefined || mark === undefined) return
    await removeBarrier(api, found.name, signal)
    const annotations = { [CORDONED_ANNOTATION]: null }
    const unschedulable = found.unschedulable && mark === CORDONED_BEFORE
    await api.patchNode(found.name, { unschedulable, annotations }, signal)
  },
}

export const nodeDrain: ActionHandler<'node.drain'> = {
  describe: (action) => `drain node ${action.hostname}`,
  run: (action, context) =>
    moveFromNode(action, context, async (api, node) => {
      const { options, leaves } = action
      const how = drainOptions(options, context, { leaves })
      if (!leaves) return drain(api, node.name, how)
      if (!node.unschedulable) await cordon(api, node, context)
      const moving = await addonsOn(api, node.name, context.signal)
      await drain(api, node.name, how)
      await untilAddonsAreBack(api, moving, how)
    }),
}

export const nodeDelete: ActionHandler<'node.delete'> = {
  describe: (action) => `delete node ${action.hostname} from Kubernetes`,
  async run(action, context) {
    const api = await context.kube()
    const found = await lookUpNode(api, action, context.signal)
    if (found === undefined) return
    await api.deleteNode(found.name, context.signal)
    await deletePodsOf(api, found.name, context.signal)
  },
}

/**
 * Without a cordon, as that would have autoscalers count the node out at once, and take away pods of which no other one
 * runs elsewhere yet. Where there can be no barrier a cordon must do.
 */
async function keepAllOff(
  api: KubeApi,
  node: KubeNode,
  image: string,
  { signal }: ActionContext,
): Promise<void> {
  const mark = node.annotations[CORDONED_ANNOTATION] ?? (node.unschedulable ? CORDONED_BEFORE : 'true')
  // Before the barrier: the run that finds a node with it takes the barrier away.
  await api.patchNode(node.name, { annotations: { [CORDONED_ANNOTATION]: mark } }, signal)
  const isKeptOff = await raiseBarrier(api, node.name, image, signal)
  if (!isKeptOff && !node.unschedulable) await api.patchNode(node.name, { unschedulable: true }, signal)
}

async function cordon(api: KubeApi, node: KubeNode, { signal }: ActionContext): Promise<void> {
  const annotations = { [CORDONED_ANNOTATION]: node.annotations[CORDONED_ANNOTATION] ?? 'true' }
  await api.patchNode(node.name, { unschedulable: true, annotations }, signal)
}
