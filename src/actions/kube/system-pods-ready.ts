import { findNode } from '../../kube/objects/find-node.ts'
import type { KubeNode, Pod } from '../../kube/objects/kube-object.ts'
import { isNewlyReady, isOnNodes, isSystemPod } from '../../kube/objects/system-pods.ts'
import type { SystemPodsReady } from '../../plan/action/kube-nodes.ts'
import type { ActionContext, ActionHandler } from '../action-handler.ts'

/** Images of add-ons may have to be pulled first. */
const DEADLINE_MS = 300_000

export const systemPodsReady: ActionHandler<'system-pods.ready'> = {
  describe: () => 'wait until the pods of the network plugin, of DNS and of the other add-ons are Ready',
  async run(action, context) {
    const { kube, signal, progress } = context
    const api = await kube()
    const startedAt = await kubeletStarts(action, await api.listNodes(signal), context)
    const waiting = (pods: readonly Pod[]): readonly Pod[] =>
      pods.filter((pod) => isSystemPod(pod) && isOnNodes(pod, startedAt) && !isNewlyReady(pod, startedAt))
    let said = ''
    await api.waitForList<Pod>(
      { apiVersion: 'v1', kind: 'Pod' },
      (pods) => {
        const left = waiting(pods).map(({ metadata }) => metadata.name)
        const text = `waiting for ${left.slice(0, 3).join(', ')}${left.length > 3 ? ` and ${left.length - 3} more` : ''}`
        if (left.length > 0 && text !== said) progress(text)
        said = text
        return left.length === 0
      },
      { what: 'the pods of the add-ons to be Ready', deadlineMs: DEADLINE_MS, signal },
    )
  },
}

/** When the kubelet of each Node was started, by its name and its machine's clock: milliseconds since 1970. */
async function kubeletStarts(
  { nodes }: SystemPodsReady,
  registered: readonly KubeNode[],
  { node: connected }: ActionContext,
): Promise<ReadonlyMap<string, number>> {
  const pairs = await Promise.all(
    nodes.map(async (node) => {
      const name = findNode(registered, node)?.name
      const kubelet = await connected(node.address).docker.inspectContainer('kubelet')
      return name === undefined ? [] : [[name, Date.parse(kubelet?.State.StartedAt ?? '') || 0] as const]
    }),
  )
  return new Map(pairs.flat())
}
