import type { KubeApi } from '../client/kube-api.ts'
import { refOf } from '../objects/kube-object.ts'
import { belongsToNode, podsOn } from './pods-to-evict.ts'

/**
 * Deletes the pods that are still bound to a deleted Node, so that their replacements start immediately: Kubernetes
 * itself deletes them only after 40 s. Their grace periods are respected.
 */
export async function deletePodsOf(kube: KubeApi, nodeName: string, signal?: AbortSignal): Promise<void> {
  const pods = await podsOn(kube, nodeName, signal)
  await Promise.all(
    pods.map((pod) =>
      kube.delete(refOf(pod), {
        ...(belongsToNode(pod) ? { gracePeriodSeconds: 0 } : {}),
        ...(signal !== undefined && { signal }),
      }),
    ),
  )
}
