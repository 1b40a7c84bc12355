import { CORDONED_ANNOTATION } from '../kube/cordoned.ts'
import { drain } from '../kube/drain.ts'
import { findNode, nodeQuery } from '../kube/find-node.ts'
import type { KubeApi } from '../kube/kube-api.ts'
import type { KubeNode } from '../kube/kube-object.ts'
import { type NodeObject, toKubeNode } from '../kube/to-kube-node.ts'
import type { ActionContext, ActionHandler } from './action-handler.ts'
import { waitForCutOff } from './cut-off.ts'

export const nodeCordon: ActionHandler<'node.cordon'> = {
  describe: (action) => `keep new pods off node ${action.hostname}`,
  async run(action, context) {
    const api = await context.kube()
    const found = await lookUp(api, action.hostname, context)
    if (found === undefined || found.unschedulable) return
    await api.patchNode(
      found.name,
      { unschedulable: true, annotations: { [CORDONED_ANNOTATION]: 'true' } },
      context.signal,
    )
  },
}

export const nodeUncordon: ActionHandler<'node.uncordon'> = {
  describe: (action) => `let pods onto node ${action.hostname} again`,
  async run(action, context) {
    const api = await context.kube()
    const found = await lookUp(api, action.hostname, context)
    if (found?.annotations[CORDONED_ANNOTATION] === undefined) return
    await api.patchNode(
      found.name,
      { unschedulable: false, annotations: { [CORDONED_ANNOTATION]: null } },
      context.signal,
    )
  },
}

export const nodeDrain: ActionHandler<'node.drain'> = {
  describe: (action) => `drain node ${action.hostname}`,
  async run({ hostname, options }, context) {
    const api = await context.kube()
    const found = await lookUp(api, hostname, context)
    if (found === undefined) return
    const { timeout, ...rest } = options
    const { signal, progress, time } = context
    await drain(api, found.name, {
      ...rest,
      deadlineMs: timeout * 1000,
      signal,
      onProgress: progress,
      time,
      before: (leader) => waitForCutOff(context, leader),
    })
  },
}

export const nodeDelete: ActionHandler<'node.delete'> = {
  describe: (action) => `delete node ${action.hostname} from Kubernetes`,
  async run(action, context) {
    const api = await context.kube()
    const found = await lookUp(api, action.hostname, context)
    if (found !== undefined) await api.deleteNode(found.name, context.signal)
  },
}

async function lookUp(
  api: KubeApi,
  hostname: string,
  { signal }: ActionContext,
): Promise<KubeNode | undefined> {
  const found = await api.list<NodeObject>(nodeQuery(hostname), signal)
  return findNode(found.map(toKubeNode), hostname)
}
