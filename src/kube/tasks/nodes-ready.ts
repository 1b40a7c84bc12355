import { DeadlineError } from '../../errors.ts'
import { poll } from '../../poll.ts'
import type { KubeApi } from '../client/kube-api.ts'
import type { KubeWait } from '../client/waiting/kube-wait.ts'
import { type NodeObject, toKubeNode } from '../objects/to-kube-node.ts'

/** A kubelet that was restarted reports again within seconds. */
const DEADLINE_MS = 60_000

/** Gives all nodes a minute to be Ready; whether they are then is for the caller to judge. */
export async function giveNodesTime(kube: KubeApi, { signal, time, onProgress }: KubeWait): Promise<void> {
  const options = { what: 'all nodes to be Ready', deadlineMs: DEADLINE_MS, signal, time, onWait: onProgress }
  try {
    await poll(options, async (either) => {
      const nodes = await kube.list<NodeObject>({ apiVersion: 'v1', kind: 'Node' }, either)
      const left = nodes.map(toKubeNode).filter(({ ready }) => !ready)
      if (left.length === 0) return { done: undefined }
      return { waiting: `${left.map(({ name }) => name).join(', ')} is not Ready` }
    })
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error
  }
}
