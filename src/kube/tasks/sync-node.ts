import { KubeError } from '../../errors.ts'
import { isConflict } from '../client/api-error.ts'
import type { KubeApi, WaitOptions } from '../client/kube-api.ts'
import { desiredNodePatch, type NodePatchInput, type NodePatchReason } from '../objects/desired-node-patch.ts'
import { findNode, nodeQuery } from '../objects/find-node.ts'
import type { KubeNode } from '../objects/kube-object.ts'
import type { NodeName } from '../objects/node-name.ts'
import { type NodeObject, toKubeNode } from '../objects/to-kube-node.ts'

const TRIES = 6

/** Makes a Node match cluster.yml. Returns the changes; sends nothing if there are none. */
export async function syncNode(
  kube: KubeApi,
  name: string,
  input: Omit<NodePatchInput, 'kubeNode'>,
  signal?: AbortSignal,
): Promise<readonly NodePatchReason[]> {
  for (let attempt = 1; ; attempt++) {
    const kubeNode = await kube.getNode(name, signal)
    if (kubeNode === undefined) throw new KubeError(`Node ${name} is gone`, { host: input.node.address })
    const { patch, because } = desiredNodePatch({ ...input, kubeNode })
    if (patch === undefined) return because
    try {
      await kube.patchNode(name, patch, signal)
      return because
    } catch (error) {
      // The kubelet writes the same object all the time; on a conflict it is read again.
      if (!isConflict(error) || attempt === TRIES) throw error
    }
  }
}

export interface NodeWait extends WaitOptions {
  /** Also wait until it is `Ready`, by a heartbeat after this time: milliseconds since 1970. */
  readonly readySince?: number
}

/**
 * Waits until the machine's kubelet has registered its Node and, if requested, until that is `Ready`. A kubelet
 * reports its status when it starts; the status of an earlier one stays until then.
 */
export async function waitForNode(kube: KubeApi, node: NodeName, options: NodeWait): Promise<KubeNode> {
  const find = (objects: readonly NodeObject[]): KubeNode | undefined =>
    findNode(objects.map(toKubeNode), node)
  const objects = await kube.waitForList<NodeObject>(
    nodeQuery(node),
    (all) => {
      const found = find(all)
      return found !== undefined && (options.readySince === undefined || isReady(found, options.readySince))
    },
    options,
  )
  const found = find(objects)
  if (found === undefined) throw new KubeError(`Node ${node.hostname} is gone`)
  return found
}

function isReady({ ready, heartbeat = Number.POSITIVE_INFINITY }: KubeNode, since: number): boolean {
  // Heartbeats have a resolution of whole seconds.
  return ready && heartbeat >= Math.floor(since / 1000) * 1000
}
